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
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each role is killed in turn under load on both lanes. Every request has its answer, the right
 * one, once, and interactive requests are served again: within 10 s on a machine that is idle
 * otherwise, which is logged, and within a margin for a busy one, which is asserted.
 */
@ExtendWith(FaultPipeline.Extension.class)
class KillEachRoleIT {
  private static final Logger LOG = LoggerFactory.getLogger(KillEachRoleIT.class);
  private static final int BULK = 2_000;
  private static final Duration MARGIN = Duration.ofSeconds(90);

  @Test
  void everyRoleKilledUnderLoad_everyRequestHasItsAnswerOnce(FaultPipeline pipeline) {
    FaultLoad load = FaultLoad.start(pipeline, "kill-", BULK);
    load.awaitAnswered(Lane.BULK, 200);

    recovery(load, "worker", () -> pipeline.workers().getFirst().kill());
    recovery(
        load,
        "router",
        () -> {
          pipeline.killRouter();
          pipeline.restartRouter();
        });
    recovery(load, "broker", pipeline::killAndRestartBroker);
    load.finish();

    load.checkAnswered();
    assertThat(load.texts(Lane.BULK)).hasSizeGreaterThanOrEqualTo(BULK);
  }

  @Test
  void clientKilledWithRequestsInFlight_theyAreAnsweredAllTheSame(FaultPipeline pipeline) {
    ChildJvm child = pipeline.startClient("orphan-", 400);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> !pipeline.wire().requests(Lane.BULK, "orphan-").isEmpty());
    child.kill();

    pipeline.assertServes("beside-the-orphans-");

    Map<RequestId, String> requests = pipeline.wire().requests(Lane.BULK, "orphan-");
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> answered(pipeline).containsAll(requests.keySet()));
    NothingLost<String> nothingLost = new NothingLost<>();
    OneTerminalReply<String> once = OneTerminalReply.withEqualDuplicates();
    pipeline.wire().tell(Lane.BULK, requests, nothingLost, once);
    requests.forEach((id, text) -> once.delivered(id.toString(), FaultWire.payload(text)));
    nothingLost.check();
    once.check();
  }

  private static Set<RequestId> answered(FaultPipeline pipeline) {
    return pipeline.wire().replies(Lane.BULK).stream()
        .map(FaultWire.Told::to)
        .collect(Collectors.toSet());
  }

  private static void recovery(FaultLoad load, String role, Runnable kill) {
    long killed = System.nanoTime();
    kill.run();
    Duration after = load.awaitAnswerToRequestSentAfter(killed);
    LOG.info("{} killed: interactive requests are answered again after {}", role, after);
    assertThat(after).as(role).isLessThan(MARGIN);
  }
}
