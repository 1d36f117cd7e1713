package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.ProcessKiller;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What moreover holds where a record ends the process that runs it. */
abstract class HashLostProcessContract extends LostProcessContract {
  private final int processesThatPoisonEnds;

  /**
   * Binds the suite.
   *
   * @param processesThatPoisonEnds those that one record can end before nobody takes it any more
   */
  HashLostProcessContract(WorkerConfig.QueueChoice queue, int processesThatPoisonEnds) {
    super(new HashWork(), queue);
    this.processesThatPoisonEnds = processesThatPoisonEnds;
  }

  @Test
  void worker_recordThatEndsItsProcess_isClaimedBeforeItSpreads(ProcessKiller killer) {
    List<String> before = send("b", 3);
    String poison = send(HashEngine.CRASH, 1).getFirst();
    List<String> after = send("c", 3);
    String last = "";
    for (int i = 0; i < processesThatPoisonEnds; i++) {
      WorkerConfig config = config(TestPool.LASTING);
      ChildJvm jvm = killer.start(WorkerProcess.command(pool, config));
      assertThat(jvm.awaitExit(PATIENCE)).isEqualTo(137);
      last = config.workerId();
    }

    try (Worker worker = start(TestPool.LASTING)) {
      List<String> others = send("d", 3);
      pool.awaitOutcomes(others);
      awaitOutcomesOrClaims(before, last);
      awaitOutcomesOrClaims(after, last);

      assertThat(worker.id()).isNotEqualTo(last);
      assertThat(claimedBy(last)).contains(poison);
      assertThat(claimedBy(worker.id())).doesNotContain(poison);
      assertThat(pool.outcomeNames()).doesNotContain(poison);
    }
  }
}
