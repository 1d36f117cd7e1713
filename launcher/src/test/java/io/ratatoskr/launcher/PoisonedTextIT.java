package io.ratatoskr.launcher;

import static io.ratatoskr.launcher.FaultPipeline.PATIENCE;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.worker.HashEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A text that ends the process of each worker that runs it. */
@ExtendWith(FaultPipeline.Extension.class)
class PoisonedTextIT {
  @ParameterizedTest
  @EnumSource
  void textThatEndsItsWorker_isGivenUpAndNeighboursAreAnswered(Lane lane, FaultPipeline pipeline) {
    int before = pipeline.restarts();
    String prefix = "near-" + lane.topicName() + "-";
    List<CompletableFuture<EmbedReply>> neighbours = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      neighbours.add(pipeline.embed(lane, PATIENCE, prefix + i));
    }
    CompletableFuture<EmbedReply> poison =
        pipeline.embed(lane, PATIENCE, HashEngine.CRASH + lane.topicName());
    for (int i = 100; i < 200; i++) {
      neighbours.add(pipeline.embed(lane, PATIENCE, prefix + i));
    }

    assertThatThrownBy(() -> poison.orTimeout(PATIENCE.toSeconds(), SECONDS).join())
        .cause()
        .asInstanceOf(InstanceOfAssertFactories.type(RequestFailedException.class))
        .extracting(failed -> failed.error().code())
        .isEqualTo(ErrorCode.WORKER_CRASHED);
    for (int i = 0; i < neighbours.size(); i++) {
      assertThat(neighbours.get(i).orTimeout(PATIENCE.toSeconds(), SECONDS).join().vector())
          .isEqualTo(HashEngine.vector(prefix + i, FaultRole.DIMENSIONS));
    }
    assertThat(pipeline.restarts()).isGreaterThanOrEqualTo(before + 2);
    pipeline.assertServes("after-the-poison-" + lane.topicName());
  }
}
