package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.wire.Answered;
import io.ratatoskr.schemas.wire.Started;
import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.ProcessKiller;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What holds for every engine when the process of a worker is killed or frozen, or workers are
 * replaced: each piece of work has an outcome, or a claim by which the router can tell that its
 * worker is gone.
 */
@ExtendWith(ProcessKiller.Extension.class)
public abstract class LostProcessContract extends WorkerContract {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** As long as it takes to end what is held. */
  private static final Duration GRACEFUL = Duration.ofMinutes(1);

  /**
   * Binds the suite.
   *
   * @param work what it runs on
   * @param queue how the workers take work
   */
  protected LostProcessContract(TestWork work, WorkerConfig.QueueChoice queue) {
    super(work, queue);
  }

  /** With a session whose end can be awaited. */
  final WorkerConfig config(Duration lock) {
    return pool.config(queue, lock, TestPool.BRIEF);
  }

  final Worker start(Duration lock) {
    return Worker.start(config(lock), engine, new SimpleMeterRegistry());
  }

  private record Child(String id, ChildJvm jvm) {}

  private Child child(ProcessKiller killer) {
    WorkerConfig config = config(TestPool.BRIEF);
    ChildJvm jvm = killer.start(WorkerProcess.command(pool, config));
    jvm.awaitLine("^taking work", PATIENCE);
    return new Child(config.workerId(), jvm);
  }

  final List<String> send(String prefix, int count) {
    List<String> names = IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    pool.send(Lane.INTERACTIVE, names.toArray(String[]::new));
    return names;
  }

  final Set<String> claimedBy(String worker) {
    return pool.results().stream()
        .filter(result -> result.result().getOutcome() instanceof Started)
        .filter(result -> result.result().getWorker().equals(worker))
        .map(TestPool.Result::name)
        .collect(Collectors.toSet());
  }

  final void awaitOutcomesOrClaims(List<String> names, String lost) {
    TestPool.await()
        .untilAsserted(() -> {
          Set<String> found = new HashSet<>(pool.outcomeNames());
          found.addAll(claimedBy(lost));
          assertThat(found).containsAll(names);
        });
  }

  private void assertEachOutcomeIsAnAnswer() {
    assertThat(pool.outcomes())
        .allSatisfy(
            outcome -> assertThat(outcome.result().getOutcome()).isInstanceOf(Answered.class));
  }

  @Test
  void worker_neighbourKilledHalfWay_nothingIsLost(ProcessKiller killer) {
    Child neighbour = child(killer);
    List<String> names = send("a", 250);
    TestPool.await().until(() -> pool.outcomeNames().size() > 20);
    neighbour.jvm().kill();

    try (Worker worker = start(TestPool.BRIEF)) {
      awaitOutcomesOrClaims(names, neighbour.id());

      assertThat(worker.id()).isNotEqualTo(neighbour.id());
      assertEachOutcomeIsAnAnswer();
    }
  }

  @Test
  void worker_neighbourFrozen_takesItsWorkOverAndBothMayAnswer(ProcessKiller killer) {
    Child neighbour = child(killer);
    List<String> names = send("f", 250);
    TestPool.await().until(() -> pool.outcomeNames().size() > 20);
    neighbour.jvm().stop();

    try (Worker worker = start(TestPool.BRIEF)) {
      awaitOutcomesOrClaims(names, neighbour.id());
      neighbour.jvm().resume();
      pool.awaitOutcomes(names);
      List<String> later = send("later", 5);
      pool.awaitOutcomes(later);

      assertThat(worker.id()).isNotEqualTo(neighbour.id());
    }
  }

  @Test
  void worker_rollingRestart_nothingIsLost() {
    List<String> names = send("r", 300);
    Worker first = start(TestPool.LASTING);
    for (int i = 1; i <= 3; i++) {
      int seen = 50 * i;
      TestPool.await().until(() -> pool.outcomeNames().size() > seen);
      Worker next = start(TestPool.LASTING);
      first.close(GRACEFUL);
      first = next;
    }
    pool.awaitOutcomes(names);
    first.close(GRACEFUL);

    assertEachOutcomeIsAnAnswer();
  }
}
