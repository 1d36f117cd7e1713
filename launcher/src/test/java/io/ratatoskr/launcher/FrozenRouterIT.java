package io.ratatoskr.launcher;

import static io.ratatoskr.launcher.FaultPipeline.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.testkit.ChildJvm;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A router is stopped for longer than its session while another one takes its partitions over, and
 * goes on with what it had in hand: Kafka does not fence it, the replay rule does.
 */
@ExtendWith(FaultPipeline.Extension.class)
class FrozenRouterIT {
  private static final Logger LOG = LoggerFactory.getLogger(FrozenRouterIT.class);

  @Test
  void routerFrozenWhileAnotherTakesOver_everyRequestHasOneAnswer(FaultPipeline pipeline) {
    FaultLoad load = FaultLoad.start(pipeline, "ice-", 1_000);
    load.awaitAnswered(Lane.BULK, 100);
    ChildJvm second = pipeline.startSecondRouter();
    ChildJvm first = pipeline.router();

    long frozen = System.nanoTime();
    first.stop();
    // Requests on both lanes are answered, whoever had their partitions.
    pipeline.assertServes("on-ice-");
    Duration served = Duration.ofNanos(System.nanoTime() - frozen);
    load.awaitAnswered(Lane.BULK, 600);
    first.resume();
    load.finish();

    load.checkAnswered();
    LOG.info("A router frozen: another one serves all partitions after {}", served);
    assertThat(first.isAlive()).isTrue();

    second.terminate();
    second.awaitExit(PATIENCE);
    pipeline.assertServes("after-the-ice-");
  }
}
