package io.ratatoskr.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.Answered;
import io.ratatoskr.schemas.wire.ModelState;
import io.ratatoskr.schemas.wire.Retryable;
import io.ratatoskr.schemas.wire.Started;
import io.ratatoskr.schemas.wire.WorkerStatus;
import io.ratatoskr.settings.Values;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithKafka(ownBroker = true)
class WorkerIT {
  private TestPool pool;

  @BeforeEach
  void createPool(TestKafka kafka) {
    pool = new TestPool(kafka);
  }

  @AfterEach
  void closePool() {
    pool.close();
  }

  private List<ConsumerRecord<byte[], byte[]>> catalog(String worker, int atLeast) {
    return pool.kafka().read(Topics.catalog(), atLeast).stream()
        .filter(record -> new String(record.key(), UTF_8).equals(worker))
        .toList();
  }

  @Test
  void heartbeat_whileItLives_describesTheWorkerAndEndsWithATombstone() {
    Codec<WorkerStatus> statuses = Codec.of(WorkerStatus.class, SchemaIds.derived());
    WorkerConfig config = pool.config(WorkerConfig.QueueChoice.AUTO);
    try (HashEngine engine = HashEngine.free();
        Worker worker = Worker.start(config, engine, new SimpleMeterRegistry())) {
      TestPool.await().until(() -> catalog(worker.id(), 1).size() >= 2);
      ConsumerRecord<byte[], byte[]> beat = catalog(worker.id(), 1).getLast();

      WorkerStatus status = statuses.decode(beat.value(), beat.headers());
      assertThat(status.getWorker()).isEqualTo(config.workerId());
      assertThat(status.getPool()).isEqualTo(pool.name());
      assertThat(status.getCapabilities()).containsExactly("embed");
      assertThat(status.getModels())
          .singleElement()
          .satisfies(model -> assertThat(model.getState()).isEqualTo(ModelState.READY));
    }
    assertThat(catalog(config.workerId(), 1).getLast().value()).isNull();
  }

  @Test
  void start_topicsMissing_saysWhichAndHowToGetThem() {
    WorkerConfig config =
        WorkerConfig.of(
            Values.of(
                WorkerConfig.settings(),
                Map.of(
                    "kafka.bootstrap",
                    pool.kafka().bootstrapServers(),
                    "workers.pool",
                    "nowhere")));
    try (HashEngine engine = HashEngine.free()) {
      assertThatThrownBy(() -> Worker.start(config, engine, new SimpleMeterRegistry()))
          .isInstanceOf(WorkerStartException.class)
          .hasMessageContaining("Topics are missing")
          .hasMessageContaining("work.nowhere")
          .hasMessageContaining("ratatoskr topics create");
    }
  }

  @Test
  void start_shareGroup_isConfiguredBeforeItsFirstMember()
      throws ExecutionException, InterruptedException {
    WorkerConfig config = pool.config(WorkerConfig.QueueChoice.SHARED);
    try (HashEngine engine = HashEngine.free();
        Worker worker = Worker.start(config, engine, new SimpleMeterRegistry())) {
      ConfigResource group =
          new ConfigResource(
              ConfigResource.Type.GROUP, new ClientProperties(config).shareGroup(Lane.BULK, ""));
      Config found =
          requireNonNull(
              pool.kafka().admin().describeConfigs(List.of(group)).all().get().get(group));

      assertThat(worker.shared()).isTrue();
      assertThat(found.get("share.auto.offset.reset").value()).isEqualTo("earliest");
      assertThat(found.get("share.record.lock.duration.ms").value()).isEqualTo("30000");
      assertThat(found.get("share.partition.max.record.locks").value()).isEqualTo("4000");
      assertThat(found.get("share.delivery.count.limit").value()).isEqualTo("10");
    }
  }

  @Test
  void sharedQueue_inferenceLongerThanTheLock_runsASecondTimeClaimedAndNeverAThird() {
    try (HashEngine slow = HashEngine.costing(Duration.ofMillis(3_500));
        HashEngine quick = HashEngine.free()) {
      SimpleMeterRegistry slowMeters = new SimpleMeterRegistry();
      SimpleMeterRegistry quickMeters = new SimpleMeterRegistry();
      try (Worker first = Worker.start(expiring(), slow, slowMeters)) {
        pool.send(Lane.INTERACTIVE, "long");
        TestPool.await().until(() -> !slow.seen().isEmpty());
        try (Worker second = Worker.start(expiring(), quick, quickMeters)) {
          TestPool.await().until(() -> pool.outcomesOf("long").size() == 2);
          pool.send(Lane.INTERACTIVE, "after");
          pool.awaitOutcomes(List.of("after"));

          assertThat(second.id()).isNotEqualTo(first.id());
          assertThat(claimsWon(slowMeters) + claimsWon(quickMeters)).isEqualTo(1);
          assertThat(
                  slow.seen().stream().filter("long"::equals).count()
                      + quick.seen().stream().filter("long"::equals).count())
              .isEqualTo(2);
        }
      }
    }
  }

  private static double claimsWon(SimpleMeterRegistry registry) {
    return registry.find("ratatoskr_worker_claims_total").tag("won", "true").counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private WorkerConfig expiring() {
    return pool.config(WorkerConfig.QueueChoice.SHARED, TestPool.BRIEF, TestPool.LASTING);
  }

  @Test
  void close_workThatHangs_sharedGoesBackToTheGroup() {
    pool.send(Lane.INTERACTIVE, HashEngine.HANG);
    try (HashEngine hanging = HashEngine.free()) {
      Worker first =
          Worker.start(
              pool.config(WorkerConfig.QueueChoice.SHARED), hanging, new SimpleMeterRegistry());
      TestPool.await().until(() -> !hanging.seen().isEmpty());
      first.close(Duration.ofMillis(200));
      Worker second =
          Worker.start(
              pool.config(WorkerConfig.QueueChoice.SHARED), hanging, new SimpleMeterRegistry());
      TestPool.await().until(() -> hanging.seen().size() == 2);
      second.close(Duration.ofMillis(200));

      TestPool.await()
          .untilAsserted(() ->
              assertThat(pool.results())
                  .as("the second delivery is claimed")
                  .anySatisfy(result -> {
                    assertThat(result.result().getWorker()).isEqualTo(second.id());
                    assertThat(result.result().getOutcome()).isInstanceOf(Started.class);
                  }));
    }
  }

  @Test
  void close_workThatHangs_claimedIsGivenBackToTheRouter() {
    pool.send(Lane.INTERACTIVE, HashEngine.HANG);
    try (HashEngine hanging = HashEngine.free()) {
      Worker worker =
          Worker.start(
              pool.config(WorkerConfig.QueueChoice.CLAIMED), hanging, new SimpleMeterRegistry());
      TestPool.await().until(() -> !hanging.seen().isEmpty());
      worker.close(Duration.ofMillis(200));

      assertThat(pool.awaitOutcome(HashEngine.HANG)).isInstanceOf(Retryable.class);
    }
  }

  @Test
  void workLoop_unexpectedFailure_startsAnewAndCountsIt() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    AtomicInteger asked = new AtomicInteger();
    try (HashEngine sound = HashEngine.free()) {
      Engine<List<String>> failing = new FailingOnce(sound, asked);
      try (Worker worker =
          Worker.start(pool.config(WorkerConfig.QueueChoice.SHARED), failing, registry)) {
        pool.send(Lane.INTERACTIVE, "survivor");

        assertThat(pool.awaitOutcome("survivor")).isInstanceOf(Answered.class);
        assertThat(worker.shared()).isTrue();
        TestPool.await()
            .untilAsserted(() ->
                assertThat(registry.get("ratatoskr_worker_restarts_total").counters())
                    .anySatisfy(counter -> assertThat(counter.count()).isEqualTo(1)));
      }
    }
  }

  @Test
  void sharedQueue_twoWorkersOfUnequalSpeed_shareByTheirSpeed() {
    List<String> names = IntStream.range(0, 300).mapToObj(i -> "u" + i).toList();
    try (HashEngine fast = HashEngine.costing(Duration.ofMillis(2));
        HashEngine slow = HashEngine.costing(Duration.ofMillis(50));
        Worker first =
            Worker.start(
                pool.config(WorkerConfig.QueueChoice.SHARED), fast, new SimpleMeterRegistry());
        Worker second =
            Worker.start(
                pool.config(WorkerConfig.QueueChoice.SHARED), slow, new SimpleMeterRegistry())) {
      AtomicInteger early = new AtomicInteger();
      TestPool.await()
          .until(() -> {
            pool.send(Lane.INTERACTIVE, "early" + early.getAndIncrement());
            return !fast.seen().isEmpty() && !slow.seen().isEmpty();
          });
      pool.send(Lane.INTERACTIVE, names.toArray(String[]::new));
      pool.awaitOutcomes(names);

      assertThat(first.id()).isNotEqualTo(second.id());
      assertThat(fast.seen().size()).isGreaterThan(slow.seen().size());
    }
  }
}
