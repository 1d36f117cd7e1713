package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.wire.Answered;
import io.ratatoskr.testkit.WithKafka;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@WithKafka(ownBroker = true)
class ClaimedQueueIT extends HashQueueContract {
  private static final int SLOTS = 8;

  ClaimedQueueIT() {
    super(WorkerConfig.QueueChoice.CLAIMED);
  }

  @Test
  void worker_moreWorkThanSlots_usesEachSlotAsItBecomesFree() {
    List<String> first = hanging(0, SLOTS - 1);
    List<String> second = hanging(SLOTS - 1, 2 * SLOTS);
    try (HashEngine engine = HashEngine.free();
        Worker _ =
            Worker.start(pool.config(queue).withSlots(SLOTS), engine, new SimpleMeterRegistry())) {
      pool.send(Lane.INTERACTIVE, first.toArray(String[]::new));
      TestPool.await().until(() -> engine.seen().size() == first.size());
      pool.send(Lane.INTERACTIVE, second.toArray(String[]::new));
      TestPool.await().until(() -> engine.seen().size() == SLOTS);

      first.forEach(name -> pool.abort(Lane.INTERACTIVE, name, 1));
      pool.awaitOutcomes(first);
      TestPool.await().until(() -> engine.seen().size() == first.size() + SLOTS);

      second.forEach(name -> pool.abort(Lane.INTERACTIVE, name, 1));
      pool.send(Lane.INTERACTIVE, "last");
      assertThat(pool.awaitOutcome("last")).isInstanceOf(Answered.class);
      assertThat(engine.seen()).doesNotHaveDuplicates();
    }
  }

  private static List<String> hanging(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> HashEngine.HANG + "slot " + i).toList();
  }
}
