package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.router.Requests.Request;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.TopicCreation;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.settings.Values;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@WithKafka(ownBroker = true)
class RouterIT {
  private static final Deployment DEPLOYMENT = Deployment.allInOne();

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path temp;

  @Test
  void routesBothLanesAndSurvivesARestart(TestKafka kafka) throws Exception {
    createTopics(kafka);
    try (ScriptedWorker worker = ScriptedWorker.start(kafka.bootstrapServers())) {
      try (Router router = router(kafka)) {
        router.start();
        router.awaitRunning(PATIENCE);
        Awaitility.await().until(() -> router.state() == Router.State.RUNNING);
        sendAndAwaitReplies(kafka, 0, 200);
      }
      try (Router router = router(kafka)) {
        router.start();
        router.awaitRunning(PATIENCE);
        sendAndAwaitReplies(kafka, 200, 400);
      }
      assertThat(worker.failure()).isNull();
    }
  }

  @Test
  void openRequests_untilTheyAreAnswered_beginWhereTheFirstStands(TestKafka kafka)
      throws Exception {
    createTopics(kafka);
    try (Router router = router(kafka)) {
      assertThat(router.openRequests()).isEmpty();
      router.start();
      router.awaitRunning(PATIENCE);
      RecordMetadata sent = send(kafka, Lane.BULK, 1_000, 1_001).getFirst();
      assertThat(
              Awaitility.await()
                  .until(() -> router.openRequests().orElse(Map.of()), open -> !open.isEmpty()))
          .isEqualTo(Map.of(new TopicPartition(sent.topic(), sent.partition()), sent.offset()));
      try (ScriptedWorker worker = ScriptedWorker.start(kafka.bootstrapServers())) {
        Awaitility.await().until(() -> router.openRequests().equals(Optional.of(Map.of())));
        assertThat(worker.failure()).isNull();
      }
    }
  }

  @Test
  void refusesToStartWithoutTopicsNamingThem(TestKafka kafka) {
    Deployment elsewhere =
        new Deployment(List.of(new Domain(kafka.domain())), 2, 32, (short) 1, Duration.ofDays(7));
    RouterConfig config =
        RouterConfig.of(elsewhere, temp.resolve("none"), Values.none())
            .withBootstrap(kafka.bootstrapServers());
    try (Router router = new Router(config, new SimpleMeterRegistry())) {
      assertThatThrownBy(router::start)
          .isInstanceOf(RouterException.WrongTopics.class)
          .hasMessageContaining(kafka.domain() + ".interactive.replies")
          .hasMessageContaining("topics create");
    }
  }

  @Test
  void refusesToStartWithoutTheTopicsOfAPool(TestKafka kafka) {
    createTopics(kafka);
    WorkerPool further =
        new WorkerPool(
            "further",
            Set.of(Capability.EMBED),
            WorkerPool.Taking.SHARED,
            Duration.ofSeconds(1),
            Location.LOCAL);
    List<WorkerPool> pools = new ArrayList<>(Pools.standard().all());
    pools.add(further);
    RouterConfig config =
        RouterConfig.of(DEPLOYMENT, temp.resolve("none"), Values.none())
            .withBootstrap(kafka.bootstrapServers())
            .withPools(new Pools(pools));
    try (Router router = new Router(config, new SimpleMeterRegistry())) {
      assertThatThrownBy(router::start)
          .isInstanceOf(RouterException.WrongTopics.class)
          .hasMessageContaining(Topics.work(Lane.BULK, "further"))
          .hasMessageContaining("topics create");
    }
  }

  @Test
  void moreCopiesThanBrokers_isTriedAgainForAWhile_sayingSoOnce(TestKafka kafka) {
    Deployment copied =
        new Deployment(List.of(Domain.DEFAULT), 2, 32, (short) 2, Duration.ofDays(7));
    RouterConfig config =
        RouterConfig.of(
            copied,
            temp.resolve("none"),
            Values.of(RouterConfig.settings(), Map.of("router.application-id", "copied")));
    FakeDirectory directory = new FakeDirectory();
    for (Lane lane : Lane.values()) {
      directory.partitions.put(Topics.results(lane), 2);
    }
    Logger logger = (Logger) LoggerFactory.getLogger(ChangelogTopics.class);
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    said.start();
    logger.addAppender(said);
    try {
      assertThatThrownBy(() ->
              new ChangelogTopics(kafka.admin(), config, directory)
                  .create(PATIENCE, Duration.ofSeconds(1)))
          .hasCauseInstanceOf(InvalidReplicationFactorException.class);
    } finally {
      logger.detachAppender(said);
    }
    assertThat(said.list)
        .singleElement()
        .asString()
        .contains("changelogs cannot be created yet, trying again");
  }

  @Test
  void routerWhoseIdAnotherTakes_stopsAndSaysSo(TestKafka kafka) {
    createTopics(kafka);
    Map<String, String> settings = Map.of("router.store", "memory", "router.instance-id", "twin");
    try (Router first = router(kafka, "first", settings);
        Router second = router(kafka, "second", settings)) {
      first.start();
      first.awaitRunning(PATIENCE);
      second.start();

      assertThat(first.failure())
          .succeedsWithin(PATIENCE)
          .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
          .isInstanceOf(RouterException.Replaced.class)
          .hasMessageContaining("twin")
          .hasMessageContaining("router.instance-id");
      second.awaitRunning(PATIENCE);
    }
  }

  private Router router(TestKafka kafka) {
    return router(kafka, "state", Map.of("router.store", "memory"));
  }

  private Router router(TestKafka kafka, String folder, Map<String, String> settings) {
    RouterConfig config =
        RouterConfig.of(
                DEPLOYMENT, temp.resolve(folder), Values.of(RouterConfig.settings(), settings))
            .withBootstrap(kafka.bootstrapServers());
    return new Router(config, new SimpleMeterRegistry());
  }

  static void createTopics(TestKafka kafka) {
    new TopicCreation(kafka.admin(), PATIENCE)
        .create(
            Topics.of(DEPLOYMENT, EnumSet.allOf(Lane.class), Map.of(), Pools.standard()),
            (short) 1);
  }

  private static void sendAndAwaitReplies(TestKafka kafka, int from, int to) throws Exception {
    for (Lane lane : Lane.values()) {
      var _ = send(kafka, lane, from, to);
    }
    for (Lane lane : Lane.values()) {
      awaitReplies(kafka, lane, from, to);
    }
  }

  static void sendAndAwaitReplies(TestKafka kafka, Lane lane, int from, int to) throws Exception {
    var _ = send(kafka, lane, from, to);
    awaitReplies(kafka, lane, from, to);
  }

  private static void awaitReplies(TestKafka kafka, Lane lane, int from, int to) {
    Set<RequestId> asked =
        IntStream.range(from, to).mapToObj(i -> request(lane, i).id()).collect(Collectors.toSet());
    var _ =
        kafka.read(
            Topics.replies(Domain.DEFAULT, lane),
            replies ->
                replies.stream()
                    .map(RouterIT::toldTo)
                    .collect(Collectors.toSet())
                    .containsAll(asked));
  }

  private static RequestId toldTo(ConsumerRecord<byte[], byte[]> reply) {
    return ReplyTo.read(reply.headers()).orElseThrow().requestId();
  }

  private static Request request(Lane lane, int number) {
    Request request = Request.of(number, "text " + number);
    return lane == Lane.BULK ? request.bulk() : request;
  }

  private static List<RecordMetadata> send(TestKafka kafka, Lane lane, int from, int to)
      throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 0);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = from; i < to; i++) {
        Request request = request(lane, i);
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    Topics.requests(Domain.DEFAULT, lane, Capability.EMBED),
                    null,
                    request.fingerprint().toKey(),
                    request.value(),
                    request.headers())));
      }
      List<RecordMetadata> stand = new ArrayList<>();
      for (Future<RecordMetadata> each : sent) {
        stand.add(each.get());
      }
      return stand;
    }
  }
}
