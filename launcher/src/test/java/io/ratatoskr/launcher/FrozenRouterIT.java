package io.ratatoskr.launcher;

import static io.ratatoskr.launcher.FaultPipeline.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.NothingLost;
import io.ratatoskr.testkit.OneTerminalReply;
import java.time.Duration;
import java.util.Map;
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
  private static final String PREFIX = "ice-";

  @Test
  void routerFrozenWhileAnotherTakesOver_everyRequestHasOneAnswer(FaultPipeline pipeline) {
    FaultLoad load = FaultLoad.start(pipeline, PREFIX, 1_000);
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

    load.checkDelivered();
    NothingLost<String> nothingLost = new NothingLost<>();
    OneTerminalReply<String> once = OneTerminalReply.withEqualDuplicates();
    for (Lane lane : Lane.values()) {
      Map<RequestId, String> requests = pipeline.wire().requests(lane, PREFIX);
      assertThat(load.texts(lane)).containsExactlyInAnyOrderElementsOf(requests.values());
      pipeline.wire().tell(lane, requests, nothingLost, once);
      requests.forEach((id, text) -> once.delivered(id.toString(), load.answer(lane, text)));
    }
    nothingLost.check();
    once.check();
    LOG.info("A router frozen: another one serves all partitions after {}", served);
    assertThat(first.isAlive()).isTrue();

    second.terminate();
    second.awaitExit(PATIENCE);
    pipeline.assertServes("after-the-ice-");
  }
}
