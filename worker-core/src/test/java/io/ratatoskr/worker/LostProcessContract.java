package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.wire.Answered;
import io.ratatoskr.schemas.wire.Started;
import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.ProcessKiller;
import io.ratatoskr.testkit.TestKafka;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What holds when the process of a worker is killed, frozen, or ended by its work: each piece of
 * work has an outcome, or a claim by which the router can tell that its worker is gone.
 */
@ExtendWith(ProcessKiller.Extension.class)
abstract class LostProcessContract {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration COST = Duration.ofMillis(10);

  private TestPool pool;

  abstract WorkerConfig.QueueChoice queue();

  /** Processes that one record can end before nobody takes it any more. */
  abstract int processesThatPoisonEnds();

  @BeforeEach
  void createPool(TestKafka kafka) {
    pool = new TestPool(kafka);
  }

  @AfterEach
  void closePool() {
    pool.close();
  }

  private Worker start(Engine<?> engine) {
    return Worker.start(pool.config(queue()), engine, new SimpleMeterRegistry());
  }

  private record Child(String id, ChildJvm jvm) {}

  private Child child(ProcessKiller killer) {
    WorkerConfig config = pool.config(queue());
    ChildJvm jvm = killer.start(WorkerProcess.command(pool, config, COST));
    jvm.awaitLine("^taking work", PATIENCE);
    return new Child(config.workerId(), jvm);
  }

  private List<String> send(String prefix, int count) {
    List<String> names = IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    pool.send(Lane.INTERACTIVE, names.toArray(String[]::new));
    return names;
  }

  private Set<String> claimedBy(String worker) {
    return pool.results().stream()
        .filter(result -> result.result().getOutcome() instanceof Started)
        .filter(result -> result.result().getWorker().equals(worker))
        .map(TestPool.Result::text)
        .collect(Collectors.toSet());
  }

  private void awaitOutcomesOrClaims(List<String> names, String lost) {
    TestPool.await()
        .untilAsserted(() -> {
          Set<String> found = new HashSet<>(pool.outcomeNames());
          found.addAll(claimedBy(lost));
          assertThat(found).containsAll(names);
        });
  }

  @Test
  void worker_neighbourKilledHalfWay_nothingIsLost(ProcessKiller killer) {
    Child neighbour = child(killer);
    List<String> names = send("a", 300);
    TestPool.await().until(() -> pool.outcomeNames().size() > 50);
    neighbour.jvm().kill();

    try (HashEngine engine = HashEngine.free();
        Worker worker = start(engine)) {
      awaitOutcomesOrClaims(names, neighbour.id());

      assertThat(worker.id()).isNotEqualTo(neighbour.id());
      assertThat(pool.outcomes())
          .allSatisfy(
              outcome -> assertThat(outcome.result().getOutcome()).isInstanceOf(Answered.class));
    }
  }

  @Test
  void worker_neighbourFrozen_takesItsWorkOverAndBothMayAnswer(ProcessKiller killer) {
    Child neighbour = child(killer);
    List<String> names = send("f", 300);
    TestPool.await().until(() -> pool.outcomeNames().size() > 20);
    neighbour.jvm().stop();

    try (HashEngine engine = HashEngine.free();
        Worker worker = start(engine)) {
      awaitOutcomesOrClaims(names, neighbour.id());
      neighbour.jvm().resume();
      pool.awaitOutcomes(names);
      List<String> later = send("later", 5);
      pool.awaitOutcomes(later);

      assertThat(worker.id()).isNotEqualTo(neighbour.id());
    }
  }

  @Test
  void worker_recordThatEndsItsProcess_isClaimedBeforeItSpreads(ProcessKiller killer) {
    List<String> before = send("b", 3);
    send(HashEngine.CRASH, 1);
    List<String> after = send("c", 3);
    String last = "";
    for (int i = 0; i < processesThatPoisonEnds(); i++) {
      WorkerConfig config = pool.config(queue());
      ChildJvm jvm = killer.start(WorkerProcess.command(pool, config, COST));
      assertThat(jvm.awaitExit(PATIENCE)).isEqualTo(137);
      last = config.workerId();
    }

    try (HashEngine engine = HashEngine.free();
        Worker worker = start(engine)) {
      List<String> others = send("d", 3);
      pool.awaitOutcomes(others);
      awaitOutcomesOrClaims(before, last);
      awaitOutcomesOrClaims(after, last);

      assertThat(worker.id()).isNotEqualTo(last);
      assertThat(claimedBy(last)).contains(HashEngine.CRASH + "0");
      assertThat(claimedBy(worker.id())).doesNotContain(HashEngine.CRASH + "0");
      assertThat(pool.outcomeNames()).doesNotContain(HashEngine.CRASH + "0");
    }
  }

  @Test
  void worker_rollingRestart_nothingIsLost() {
    List<String> names = send("r", 400);
    try (HashEngine engine = HashEngine.costing(Duration.ofMillis(2))) {
      Worker first = start(engine);
      for (int i = 1; i <= 3; i++) {
        int seen = 60 * i;
        TestPool.await().until(() -> pool.outcomeNames().size() > seen);
        Worker next = start(engine);
        first.close();
        first = next;
      }
      pool.awaitOutcomes(names);
      first.close();

      assertThat(pool.outcomes())
          .allSatisfy(
              outcome -> assertThat(outcome.result().getOutcome()).isInstanceOf(Answered.class));
    }
  }
}
