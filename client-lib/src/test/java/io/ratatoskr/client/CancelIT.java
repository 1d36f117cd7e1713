package io.ratatoskr.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.Cancellation;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What reaches the router when calls are cancelled, and what reaches a call. */
@WithKafka
class CancelIT {
  private static final String ENDED = "ratatoskr_client_records_total";

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private TestKafka kafka;
  private ClientConfig config;

  @BeforeEach
  void topics(TestKafka kafka) {
    this.kafka = kafka;
    config = EchoRouter.config(kafka, List.of(Capability.EMBED));
  }

  private KafkaRatatoskr connect(ClientConfig with) {
    return KafkaRatatoskr.connect(with, meters);
  }

  private List<ConsumerRecord<byte[], byte[]>> cancellations(int count) {
    return kafka.read(Topics.cancellations(config.domain(), Lane.INTERACTIVE), count);
  }

  private static byte[] cancelled() {
    return EchoRouter.error(InferenceError.cancelled("cancelled by its sender"));
  }

  private double ended(ErrorCode code) {
    return meters.find(ENDED).tag("outcome", code.wireName()).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private double read(String kind) {
    return meters.find("ratatoskr_client_replies_total").tag("kind", kind).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  @Test
  void cancel_sent_goesToTheRouterUnderTheRequestsKey_andFreesItsRoomWithTheRoutersWord()
      throws Exception {
    try (EchoRouter router = new EchoRouter(config, EchoRouter::silence);
        KafkaRatatoskr client = connect(config)) {
      CompletableFuture<EmbedReply> reply = client.embed(EmbedRequest.of("echo", "a"));
      Awaitility.await().until(() -> router.seen().size() == 1);
      EchoRouter.Seen seen = router.seen().getFirst();

      assertThat(reply.cancel(false)).isTrue();

      ConsumerRecord<byte[], byte[]> record = cancellations(1).getFirst();
      assertThat(record.key()).isEqualTo(seen.key().toKey());
      assertThat(record.partition()).isEqualTo(seen.partition());
      assertThat(record.value()).isNull();
      assertThat(Cancellation.read(record.headers()))
          .isEqualTo(new Cancellation.OfRequest(seen.envelope().head().requestId()));
      assertThatThrownBy(reply::join).isInstanceOf(CancellationException.class);
      assertThat(client.inFlight(Lane.INTERACTIVE)).isEqualTo(1);

      kafka.send(seen.reply(cancelled()));
      kafka.send(seen.reply(cancelled()));

      Awaitility.await().until(() -> client.inFlight(Lane.INTERACTIVE) == 0);
      Awaitility.await().until(() -> read("late") == 1);
      assertThat(ended(ErrorCode.CANCELLED)).isEqualTo(1);
    }
  }

  @Test
  void cancel_waitingForRoom_isNeverSent() throws Exception {
    try (EchoRouter router = new EchoRouter(config, EchoRouter::silence);
        KafkaRatatoskr client = connect(config.withInFlight(1, 1000))) {
      var _ = client.embed(EmbedRequest.of("echo", "first"));
      CompletableFuture<EmbedReply> second = client.embed(EmbedRequest.of("echo", "second"));
      CompletableFuture<EmbedReply> third = client.embed(EmbedRequest.of("echo", "third"));
      Awaitility.await().until(() -> router.seen().size() == 1);

      second.cancel(false);

      Awaitility.await().until(() -> client.waiting(Lane.INTERACTIVE) == 1);
      kafka.send(router.seen().getFirst().reply(EchoRouter.answer("space", List.of("first"))));
      Awaitility.await().until(() -> router.seen().size() == 2);
      assertThat(router.seen().get(1).texts()).containsExactly("third");
      third.cancel(false);
      assertThat(cancellations(1)).hasSize(1);
    }
  }

  @Test
  void cancel_byTimeoutOfTheFuture_cancelsAllRecordsOfABatch() throws Exception {
    try (EchoRouter router = new EchoRouter(config, EchoRouter::silence);
        KafkaRatatoskr client = connect(config)) {
      CompletableFuture<EmbedReply> reply =
          client.embed(
              EmbedRequest.of("echo", "a", "b", "c")
                  .withOptions(RequestOptions.defaults().withCache(CacheMode.ON)));
      Awaitility.await().until(() -> router.seen().size() == 3);

      assertThatThrownBy(() -> reply.orTimeout(1, TimeUnit.MILLISECONDS).get())
          .hasCauseInstanceOf(TimeoutException.class);

      assertThat(cancellations(3))
          .extracting(ConsumerRecord::key)
          .containsExactlyInAnyOrderElementsOf(
              router.seen().stream().map(seen -> seen.key().toKey()).toList());
    }
  }

  @Test
  void cancel_thenCloseAtOnce_stillReachesTheRouter() throws Exception {
    try (EchoRouter router = new EchoRouter(config, EchoRouter::silence)) {
      try (KafkaRatatoskr client = connect(config)) {
        CompletableFuture<EmbedReply> reply = client.embed(EmbedRequest.of("echo", "a"));
        Awaitility.await().until(() -> router.seen().size() == 1);
        reply.cancel(false);
      }
      assertThat(cancellations(1)).hasSize(1);
    }
  }

  @Test
  void cancel_aHandleFromElsewhere_isTheSameRecord() throws Exception {
    try (EchoRouter router = new EchoRouter(config, EchoRouter::silence);
        KafkaRatatoskr sender = connect(config);
        KafkaRatatoskr other = connect(config)) {
      var _ = sender.embed(EmbedRequest.of("echo", "a"));
      Awaitility.await().until(() -> router.seen().size() == 1);
      EchoRouter.Seen seen = router.seen().getFirst();
      Handle handle =
          new Handle(
              config.domain(),
              seen.lane(),
              Capability.EMBED,
              seen.envelope().head().requestId(),
              seen.key(),
              seen.envelope().inbox().partition(),
              Instant.now());

      other.cancel(Handle.parse(handle.toString())).join();

      assertThat(cancellations(1).getFirst().key()).isEqualTo(seen.key().toKey());
    }
  }

  @Test
  void onClientLossCancel_renewsItsLeaseUnderTheRequestsKey_whileItWaits_andNoLonger()
      throws Exception {
    try (EchoRouter router = new EchoRouter(config, EchoRouter::silence);
        KafkaRatatoskr client = connect(config.withLease(Duration.ofSeconds(1)))) {
      var _ = client.embed(EmbedRequest.of("echo", "no lease"));
      CompletableFuture<EmbedReply> reply =
          client.embed(
              EmbedRequest.of("echo", "a")
                  .withOptions(RequestOptions.defaults().withOnClientLoss(OnClientLoss.CANCEL)));
      Awaitility.await().until(() -> router.seen().size() == 2);
      EchoRouter.Seen seen =
          router.seen().stream().filter(each -> each.texts().contains("a")).findFirst().get();
      Cancellation lease =
          new Cancellation.UnlessRenewed(seen.envelope().head().requestId(), Duration.ofSeconds(1));
      assertThat(cancellations(3))
          .allSatisfy(record -> {
            assertThat(record.key()).isEqualTo(seen.key().toKey());
            assertThat(record.partition()).isEqualTo(seen.partition());
            assertThat(Cancellation.read(record.headers())).isEqualTo(lease);
          });

      kafka.send(seen.reply(EchoRouter.answer("space", List.of("a"))));
      reply.join();
      client.cancelJob(new JobEpoch("last", 1), Lane.INTERACTIVE).join();
      // Once the job's cancellation is there, renewals that were on their way are there too.
      TopicPartition partition =
          new TopicPartition(
              Topics.cancellations(config.domain(), Lane.INTERACTIVE), seen.partition());
      long end = end(partition);
      CompletableFuture<EmbedReply> other = client.embed(EmbedRequest.of("echo", "b"));
      Awaitility.await()
          .during(Duration.ofMillis(700))
          .until(() -> !other.isDone() && end(partition) == end);
    }
  }

  private long end(TopicPartition partition) throws Exception {
    return kafka
        .admin()
        .listOffsets(Map.of(partition, OffsetSpec.latest()))
        .partitionResult(partition)
        .get()
        .offset();
  }

  @Test
  void cancelJob_goesToEveryPartitionOfThatLane() {
    JobEpoch job = new JobEpoch("corpus", 7);
    try (KafkaRatatoskr client = connect(config)) {
      client.cancelJob(job, Lane.INTERACTIVE).join();

      assertThat(cancellations(2))
          .allSatisfy(record -> {
            assertThat(record.key()).isNull();
            assertThat(Cancellation.read(record.headers())).isEqualTo(new Cancellation.OfJob(job));
          })
          .extracting(ConsumerRecord::partition)
          .containsExactlyInAnyOrder(0, 1);
    }
  }

  @Test
  void cancel_topicMissing_endsTheCallAllTheSame() throws Exception {
    String topic = Topics.cancellations(config.domain(), Lane.INTERACTIVE);
    kafka.admin().deleteTopics(List.of(topic)).all().get();
    try (EchoRouter router = new EchoRouter(config, EchoRouter::silence);
        KafkaRatatoskr client = connect(config)) {
      CompletableFuture<EmbedReply> reply = client.embed(EmbedRequest.of("echo", "a"));
      Awaitility.await().until(() -> router.seen().size() == 1);
      reply.cancel(false);

      Awaitility.await().until(() -> client.inFlight(Lane.INTERACTIVE) == 0);
      assertThat(ended(ErrorCode.CANCELLED)).isEqualTo(1);
    }
  }

  @Test
  void partsOfAnUnknownKind_endNothing_andAreCounted() throws Exception {
    try (EchoRouter router = new EchoRouter(config, EchoRouter::silence);
        KafkaRatatoskr client = connect(config)) {
      CompletableFuture<EmbedReply> reply = client.embed(EmbedRequest.of("echo", "a"));
      Awaitility.await().until(() -> router.seen().size() == 1);
      EchoRouter.Seen seen = requireNonNull(router.seen().getFirst());

      kafka.send(seen.reply(new byte[] {1, 2, 3}, "weather"));
      kafka.send(seen.reply(new byte[] {4}, "weather"));
      kafka.send(seen.reply(EchoRouter.answer("space", List.of("a"))));

      assertThat(reply.join().spaceId()).isEqualTo("space");
      assertThat(read("unknown")).isEqualTo(2);
      assertThat(read("first")).isEqualTo(1);
    }
  }
}
