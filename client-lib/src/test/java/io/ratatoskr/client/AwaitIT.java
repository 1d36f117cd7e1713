package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replies that another client fetches by their handles. */
@WithKafka
class AwaitIT {
  private TestKafka kafka;
  private ClientConfig config;

  @BeforeEach
  void topics(TestKafka kafka) {
    this.kafka = kafka;
    config = EchoRouter.config(kafka, List.of(Capability.EMBED));
  }

  private Handle submit(String text) {
    try (KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {
      return client.submit(EmbedRequest.of("echo", text)).handle().join();
    }
  }

  private static ErrorCode code(CompletableFuture<?> reply) {
    return reply
        .orTimeout(60, TimeUnit.SECONDS)
        .handle((none, failure) -> ((RequestFailedException) failure).error().code())
        .join();
  }

  private Handle neverSent(Instant deadline, int partition) {
    return new Handle(
        config.domain(),
        Lane.INTERACTIVE,
        Capability.EMBED,
        RequestId.next(
            Clock.fixed(deadline.minusSeconds(1), Clock.systemUTC().getZone()), new Random(1)),
        Fingerprint.ofKey(new byte[Fingerprint.BYTES]),
        partition,
        deadline);
  }

  @Test
  void await_theReplyIsThere_afterItsSenderHasGone() throws Exception {
    Handle handle;
    try (EchoRouter _ = new EchoRouter(config, EchoRouter::echo);
        KafkaRatatoskr sender = KafkaRatatoskr.connect(config)) {
      Submitted<EmbedReply> submitted = sender.submit(EmbedRequest.of("echo", "kept"));
      handle = Handle.parse(submitted.handle().join().toString());
      submitted.reply().join();
    }
    try (KafkaRatatoskr successor = KafkaRatatoskr.connect(config)) {
      EmbedReply reply = successor.await(handle, EmbedReply.class).join();

      assertThat(reply.vector()).isEqualTo(EchoRouter.vectorOf("kept"));
      assertThat(successor.await(handle).join()).isInstanceOf(EmbedReply.class);
      assertThat(successor.confirmed()).isEmpty();
    }
  }

  @Test
  void await_theReplyComesLater_andTheFirstTerminalOneCounts() throws Exception {
    try (EchoRouter router = new EchoRouter(config, EchoRouter::silence);
        KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {
      Handle handle = submit("late");
      CompletableFuture<EmbedReply> reply = client.await(handle, EmbedReply.class);
      CompletableFuture<EmbedReply> same = client.await(handle, EmbedReply.class);
      CompletableFuture<EmbedReply> given = client.await(handle, EmbedReply.class);
      Awaitility.await().until(() -> router.seen().size() == 1);
      EchoRouter.Seen seen = router.seen().getFirst();
      given.cancel(false);

      kafka.send(seen.reply(new byte[] {1, 2, 3}, "chunk"));
      kafka.send(seen.reply(EchoRouter.answer("first", List.of("late"))));
      kafka.send(seen.reply(EchoRouter.answer("second", List.of("late"))));

      assertThat(reply.get(60, TimeUnit.SECONDS).spaceId()).isEqualTo("first");
      assertThat(same.get(60, TimeUnit.SECONDS).spaceId()).isEqualTo("first");
      assertThat(client.await(handle, EmbedReply.class).join().spaceId()).isEqualTo("first");
    }
    TopicPartition cancellations =
        new TopicPartition(Topics.cancellations(config.domain(), Lane.INTERACTIVE), 0);
    assertThat(
            kafka
                .admin()
                .listOffsets(Map.of(cancellations, OffsetSpec.latest()))
                .partitionResult(cancellations)
                .get()
                .offset())
        .isZero();
  }

  @Test
  void await_anError_failsAsTheRequestDid() throws Exception {
    try (EchoRouter _ =
            new EchoRouter(
                config, seen -> List.of(EchoRouter.error(InferenceError.overloaded("full"))));
        KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {
      assertThat(code(client.await(submit("a")))).isEqualTo(ErrorCode.OVERLOADED);
    }
  }

  @Test
  void await_whatCannotBeFound_saysWhy() throws Exception {
    Instant over = Instant.now().minus(Duration.ofMinutes(10));
    try (EchoRouter router = new EchoRouter(config, EchoRouter::echo);
        KafkaRatatoskr client = KafkaRatatoskr.connect(config);
        KafkaRatatoskr other =
            KafkaRatatoskr.connect(config.withDomain(new Domain("other.domain")))) {
      assertThat(code(client.await(neverSent(over, 0)))).isEqualTo(ErrorCode.EXPIRED);
      assertThat(code(client.await(neverSent(over, 99)))).isEqualTo(ErrorCode.REPLY_NOT_FOUND);
      assertThat(code(other.await(neverSent(over, 0)))).isEqualTo(ErrorCode.INVALID_INPUT);
      assertThat(code(client.await(neverSent(over, 0), ChatReply.class)))
          .isEqualTo(ErrorCode.INVALID_INPUT);

      client.embed(EmbedRequest.of("echo", "a")).join();
      TopicPartition inbox =
          new TopicPartition(
              Topics.replies(config.domain(), Lane.INTERACTIVE),
              router.seen().getFirst().envelope().inbox().partition());
      kafka.admin().deleteRecords(Map.of(inbox, RecordsToDelete.beforeOffset(1))).all().get();
      assertThat(code(client.await(neverSent(over, inbox.partition()))))
          .isEqualTo(ErrorCode.REPLY_NOT_FOUND);
    }
  }

  @Test
  void await_closed_fails() throws Exception {
    CompletableFuture<Reply> reply;
    try (KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {
      reply = client.await(neverSent(Instant.now().plusSeconds(600), 0));
    }
    assertThatThrownBy(() -> reply.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ClientClosedException.class);
  }

  @Test
  void submit_whatTravelsAsSeveralRecords_isRefused() {
    try (KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {
      EmbedRequest request =
          EmbedRequest.of("echo", "a", "b")
              .withOptions(RequestOptions.defaults().withCache(CacheMode.ON));
      assertThatThrownBy(() -> client.submit(request))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("2 records");
    }
  }
}
