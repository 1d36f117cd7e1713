package io.ratatoskr.launcher;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.testkit.ChildJvm;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of three workers is stopped for longer than its work is locked, and goes on then with what it
 * had taken.
 */
@ExtendWith(FaultPipeline.Extension.class)
class FrozenWorkerIT {
  private static final Logger LOG = LoggerFactory.getLogger(FrozenWorkerIT.class);

  /** Longer than a worker's session, 10 s, and than the lock of what it had taken, 15 s. */
  private static final Duration FROST = Duration.ofSeconds(20);

  @Test
  void oneOfThreeWorkersFrozen_othersGoOnAndNothingIsLost(FaultPipeline pipeline) {
    ChildJvm worker = pipeline.workers().getFirst();
    FaultLoad load = FaultLoad.start(pipeline, "frozen-", 1_000);
    load.awaitAnswered(Lane.BULK, 100);

    long frozen = System.nanoTime();
    worker.stop();
    Duration after = load.awaitAnswerToRequestSentAfter(frozen);
    load.awaitAnswered(Lane.BULK, 1_000);
    Awaitility.await()
        .atMost(FROST.plus(FaultPipeline.PATIENCE))
        .until(() -> System.nanoTime() - frozen > FROST.toNanos());
    load.finish();
    Duration lasted = Duration.ofNanos(System.nanoTime() - frozen);
    worker.resume();

    load.checkAnswered();
    LOG.info(
        "One of three workers frozen: interactive requests are answered after {}, all {} of bulk"
            + " after {}",
        after,
        load.texts(Lane.BULK).size(),
        lasted);
    pipeline.assertServes("after-the-frost-");
  }
}
