package io.ratatoskr.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.ratatoskr.client.EmbedReply.Embedded;
import io.ratatoskr.client.EmbedReply.Failed;
import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.CacheUse;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithKafka
class KafkaRatatoskrIT {
  private static final RequestOptions CACHED = RequestOptions.defaults().withCache(CacheMode.ON);
  private static final RequestOptions BULK =
      RequestOptions.defaults().withLane(Lane.BULK).withTimeout(Duration.ofMinutes(2));

  private ClientConfig config;
  private Domain domain;
  private TestKafka kafka;

  @BeforeEach
  void topics(TestKafka kafka) {
    this.kafka = kafka;
    config = EchoRouter.config(kafka, List.of(Capability.EMBED));
    domain = config.domain();
  }

  private EchoRouter router(EchoRouter.Script script) throws InterruptedException {
    return new EchoRouter(config, script);
  }

  private static InferenceError errorOf(CompletableFuture<?> future) {
    return assertThat(causeOf(future))
        .asInstanceOf(type(RequestFailedException.class))
        .actual()
        .error();
  }

  private static Throwable causeOf(CompletableFuture<?> future) {
    return requireNonNull(catchThrowable(future::join).getCause());
  }

  @Test
  void embed_batchWithoutCache_isOneRecordAnsweredInOrder() throws Exception {
    try (EchoRouter router = router(EchoRouter::echo);
        KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {

      EmbedReply reply = client.embed(EmbedRequest.of("echo", "a", "bb", "ccc")).get();

      assertThat(reply.vectors())
          .containsExactly(
              EchoRouter.vectorOf("a"), EchoRouter.vectorOf("bb"), EchoRouter.vectorOf("ccc"));
      assertThat(reply.provenance().worker()).isEqualTo("echo");
      assertThat(router.seen()).hasSize(1);
    }
  }

  @Test
  void embed_request_travelsUnderKeyAndEnvelopeOfItsOptions() throws Exception {
    RequestOptions options =
        RequestOptions.defaults()
            .withTenant("t")
            .withJob(new JobEpoch("job-1", 3))
            .withTimeout(Duration.ofMinutes(10));
    try (EchoRouter router = router(EchoRouter::echo);
        KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {

      client.embed(EmbedRequest.of("echo", "a").withOptions(options)).join();

      EchoRouter.Seen seen = router.seen().getFirst();
      assertThat(seen.envelope().head())
          .isEqualTo(
              new RequestHead(
                  seen.envelope().head().requestId(),
                  "echo",
                  "",
                  false,
                  "t",
                  options.dataPolicy(),
                  CacheMode.OFF));
      assertThat(seen.envelope().job()).isEqualTo(new JobEpoch("job-1", 3));
      assertThat(seen.envelope().timeout())
          .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
      assertThat(seen.partition()).isEqualTo(seen.key().partition(2));
    }
  }

  @Test
  void embed_batchWithCache_isOneRecordPerItemJoinedInOrder() throws Exception {
    EchoRouter.Script script =
        seen ->
            seen.texts().contains("bad")
                ? List.of(EchoRouter.error(InferenceError.modelNotFound("echo", "no such model")))
                : List.of(
                    EchoRouter.answer(
                        "space", seen.texts(), CacheUse.HIT, seen.texts().getFirst().length()));
    try (EchoRouter router = router(script);
        KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {

      EmbedReply reply =
          client.embed(EmbedRequest.of("echo", "a", "bad", "a", "ccc").withOptions(CACHED)).join();

      assertThat(reply.items())
          .satisfiesExactly(
              a -> assertThat(((Embedded) a).vector()).isEqualTo(EchoRouter.vectorOf("a")),
              bad ->
                  assertThat(((Failed) bad).error())
                      .returns(ErrorCode.MODEL_NOT_FOUND, InferenceError::code),
              a -> assertThat(((Embedded) a).vector()).isEqualTo(EchoRouter.vectorOf("a")),
              c -> assertThat(((Embedded) c).vector()).isEqualTo(EchoRouter.vectorOf("ccc")));
      assertThat(reply.provenance().cache()).isEqualTo(Provenance.CacheUse.HIT);
      assertThat(reply.provenance().executionTime()).isEqualTo(Duration.ofMillis(3));
      assertThat(router.seen()).hasSize(4);
      assertThat(router.seen().stream().map(EchoRouter.Seen::key).distinct()).hasSize(3);
    }
  }

  @Test
  void embed_sameContentWithCache_hasTheSameKey_withoutItAnother() throws Exception {
    try (EchoRouter router = router(EchoRouter::echo);
        KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {
      for (RequestOptions options : List.of(CACHED, CACHED, RequestOptions.defaults())) {
        client.embed(EmbedRequest.of("echo", "a").withOptions(options)).join();
      }

      List<Fingerprint> keys = router.seen().stream().map(EchoRouter.Seen::key).toList();
      assertThat(keys.get(0)).isEqualTo(keys.get(1)).isNotEqualTo(keys.get(2));
    }
  }

  @Test
  void embed_twoTerminalReplies_firstByOffsetWins() throws Exception {
    EchoRouter.Script twice =
        seen ->
            List.of(
                EchoRouter.answer("first", seen.texts()),
                EchoRouter.answer("second", seen.texts()));
    try (EchoRouter router = router(twice);
        KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {
      for (int i = 0; i < 50; i++) {
        assertThat(client.embed(EmbedRequest.of("echo", "a")).join().spaceId()).isEqualTo("first");
      }
      assertThat(router.seen()).hasSize(50);
    }
  }

  @Test
  void embed_othersUseTheSamePartition_theirRecordsAreSkipped() throws Exception {
    try (EchoRouter router = router(EchoRouter::echo);
        KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {
      client.open(Lane.INTERACTIVE).join();
      for (int partition : List.of(0, 1)) {
        String replies = Topics.replies(domain, Lane.INTERACTIVE);
        kafka.send(new ProducerRecord<>(replies, partition, null, new byte[] {1, 2, 3}));
        ProducerRecord<byte[], byte[]> foreign =
            new ProducerRecord<>(replies, partition, null, new byte[] {4});
        foreign.headers().add(Envelope.INBOX, (partition + ":other").getBytes(UTF_8));
        kafka.send(foreign);
      }

      assertThat(client.embed(EmbedRequest.of("echo", "a")).join().vector())
          .isEqualTo(EchoRouter.vectorOf("a"));
      assertThat(router.seen()).hasSize(1);
    }
  }

  @Test
  void embed_replyThatIsNone_failsThatCallOnly() throws Exception {
    EchoRouter.Script script =
        seen ->
            switch (seen.texts().getFirst()) {
              case "garbage" -> List.of(new byte[] {9, 9, 9});
              case "payload" -> List.of(EchoRouter.answer(new byte[] {7}, CacheUse.NONE, 0));
              case "count" -> List.of(EchoRouter.answer("space", List.of("a", "b")));
              default -> EchoRouter.echo(seen);
            };
    try (EchoRouter router = router(script);
        KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {

      for (String text : List.of("garbage", "payload", "count")) {
        assertThat(errorOf(client.embed(EmbedRequest.of("echo", text))))
            .returns(ErrorCode.DATA_ERROR, InferenceError::code);
      }
      assertThat(client.embed(EmbedRequest.of("echo", "fine")).join().vectors()).hasSize(1);
      assertThat(router.seen()).hasSize(4);
    }
  }

  @Test
  void embed_noReply_expiresSoonAfterTheDeadline() throws Exception {
    EchoRouter.Script script =
        seen -> seen.texts().contains("first") ? EchoRouter.echo(seen) : List.of();
    try (EchoRouter router = router(script);
        KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {
      // The next request is sent at once: one that cannot be sent until then fails otherwise.
      client.embed(EmbedRequest.of("echo", "first")).join();

      CompletableFuture<EmbedReply> reply =
          client.embed(
              EmbedRequest.of("echo", "a")
                  .withOptions(RequestOptions.defaults().withTimeout(Duration.ofSeconds(4))));

      assertThat(errorOf(reply)).returns(ErrorCode.EXPIRED, InferenceError::code);
      Awaitility.await().until(() -> client.inFlight(Lane.INTERACTIVE) == 0);
      Awaitility.await().until(() -> router.seen().size() == 2);
    }
  }

  @Test
  void close_callsPending_failsThemAndEndsItsThreads() throws Exception {
    try (EchoRouter router = router(EchoRouter::silence)) {
      KafkaRatatoskr client = KafkaRatatoskr.connect(config.withInFlight(1, 1000));
      CompletableFuture<EmbedReply> sent = client.embed(EmbedRequest.of("echo", "a"));
      CompletableFuture<EmbedReply> waiting = client.embed(EmbedRequest.of("echo", "b"));
      Awaitility.await().until(() -> router.seen().size() == 1);

      client.close();
      client.close();

      assertThat(causeOf(sent)).isInstanceOf(ClientClosedException.class);
      assertThat(causeOf(waiting)).isInstanceOf(ClientClosedException.class);
      assertThat(causeOf(client.embed(EmbedRequest.of("echo", "c"))))
          .isInstanceOf(ClientClosedException.class);
      assertThat(causeOf(client.open(Lane.BULK))).isInstanceOf(ClientClosedException.class);
      Awaitility.await()
          .untilAsserted(() ->
              assertThat(Thread.getAllStackTraces().keySet())
                  .extracting(Thread::getName)
                  .noneMatch(name -> name.contains("ratatoskr-")));
    }
  }

  @Test
  void embed_tenThousandAtOnce_allAnswered_neverMoreInFlightThanAllowed() throws Exception {
    AtomicInteger most = new AtomicInteger();
    try (KafkaRatatoskr client = KafkaRatatoskr.connect(config);
        EchoRouter router =
            router(seen -> {
              most.accumulateAndGet(client.inFlight(Lane.BULK), Math::max);
              return EchoRouter.echo(seen);
            })) {
      List<CompletableFuture<EmbedReply>> replies =
          IntStream.range(0, 10_000)
              .mapToObj(i -> EmbedRequest.of("echo", "text " + i).withOptions(BULK))
              .map(client::embed)
              .toList();

      for (int i = 0; i < replies.size(); i++) {
        assertThat(replies.get(i).join().vector()).isEqualTo(EchoRouter.vectorOf("text " + i));
      }
      assertThat(most).hasValueBetween(1, 64);
      assertThat(router.seen()).hasSize(10_000);
      Awaitility.await().until(() -> client.inFlight(Lane.BULK) == 0);
      assertThat(client.waiting(Lane.BULK)).isZero();
    }
  }

  @Test
  void embed_queueFull_isOverloaded_othersGoOn() throws Exception {
    try (EchoRouter router = router(EchoRouter::silence);
        KafkaRatatoskr client =
            KafkaRatatoskr.connect(config.withInFlight(1, 1000).withQueued(2, 1000))) {
      List<CompletableFuture<EmbedReply>> replies =
          IntStream.range(0, 4)
              .mapToObj(i -> client.embed(EmbedRequest.of("echo", "text " + i)))
              .toList();

      assertThat(errorOf(replies.get(3))).returns(ErrorCode.OVERLOADED, InferenceError::code);
      assertThat(replies.subList(0, 3)).noneMatch(CompletableFuture::isDone);
      assertThat(client.inFlight(Lane.INTERACTIVE)).isEqualTo(1);
      assertThat(client.waiting(Lane.INTERACTIVE)).isEqualTo(2);
      Awaitility.await().until(() -> router.seen().size() == 1);
    }
  }

  @Test
  void embed_whileAnotherPoolAnswersNothing_findsRoom() throws Exception {
    List<Capability> both = List.of(Capability.EMBED, Capability.NLI);
    for (Lane lane : Lane.values()) {
      kafka.createTopic(Topics.requests(domain, lane, Capability.NLI), 2, Map.of());
    }
    EchoRouter.Script script =
        seen ->
            seen.request() instanceof io.ratatoskr.schemas.wire.NliRequest
                ? EchoRouter.silence(seen)
                : EchoRouter.echo(seen);
    try (EchoRouter router = new EchoRouter(config, both, script);
        KafkaRatatoskr client = KafkaRatatoskr.connect(config.withInFlight(2, 1000))) {
      List<CompletableFuture<NliReply>> judgements =
          IntStream.range(0, 5)
              .mapToObj(i -> client.nli(NliRequest.of("echo", "premise " + i, "hypothesis")))
              .toList();

      for (String text : List.of("a", "bb", "ccc")) {
        assertThat(client.embed(EmbedRequest.of("echo", text)).join().vector())
            .isEqualTo(EchoRouter.vectorOf(text));
      }
      assertThat(judgements).noneMatch(CompletableFuture::isDone);
      assertThat(client.waiting(Lane.INTERACTIVE)).isEqualTo(3);
      Awaitility.await().until(() -> router.seen().size() == 5);
    }
  }

  @Test
  void embed_tooLarge_isRefusedNamingTheLimit() {
    String half = "x".repeat(Limits.REQUEST_BYTES / 2 + 1);
    try (KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {
      for (RequestOptions options : List.of(RequestOptions.defaults(), CACHED)) {
        CompletableFuture<EmbedReply> reply =
            client.embed(EmbedRequest.of("echo", half, half).withOptions(options));

        assertThat(errorOf(reply)).returns(ErrorCode.TOO_LARGE, InferenceError::code);
        assertThat(errorOf(reply).message()).contains("786432");
      }
    }
  }

  @Test
  void confirmed_coversWhatIsAnswered_andNothingThatIsOpen() throws Exception {
    EchoRouter.Script script =
        seen -> seen.texts().contains("open") ? List.of() : EchoRouter.echo(seen);
    String topic = Topics.requests(domain, Lane.BULK, Capability.EMBED);
    try (EchoRouter router = router(script);
        KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {
      for (int i = 0; i < 100; i++) {
        String text = i == 50 ? "open" : "text " + i;
        CompletableFuture<EmbedReply> reply =
            client.embed(EmbedRequest.of("echo", text).withOptions(BULK));
        if (i != 50) {
          reply.join();
        }
      }
      EchoRouter.Seen open =
          router.seen().stream().filter(seen -> seen.texts().contains("open")).findAny().get();
      long elsewhere =
          router.seen().stream().filter(s -> s.partition() != open.partition()).count();

      Awaitility.await()
          .untilAsserted(() ->
              assertThat(client.confirmed())
                  .containsEntry(new TopicPartition(topic, open.partition()), open.offset())
                  .containsEntry(new TopicPartition(topic, 1 - open.partition()), elsewhere)
                  .containsValue(99L));
    }
  }
}
