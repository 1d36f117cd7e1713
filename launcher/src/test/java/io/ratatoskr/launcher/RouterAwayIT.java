package io.ratatoskr.launcher;

import static io.ratatoskr.launcher.FaultPipeline.PATIENCE;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.testkit.NothingLost;
import io.ratatoskr.testkit.OneTerminalReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A router that is away for long, and records that come twice. */
@ExtendWith(FaultPipeline.Extension.class)
class RouterAwayIT {
  @Test
  void routerAwayForLongerThanGrace_everyRequestHasItsAnswerOnce(FaultPipeline pipeline) {
    List<CompletableFuture<EmbedReply>> replies = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      replies.add(pipeline.embed(Lane.BULK, PATIENCE, "away-bulk-" + i));
    }
    Awaitility.await().atMost(PATIENCE).until(() -> replies.stream().anyMatch(Future::isDone));
    pipeline.killRouter();
    for (int i = 0; i < 50; i++) {
      replies.add(pipeline.embed(Lane.INTERACTIVE, PATIENCE, "away-interactive-" + i));
    }
    long back = System.nanoTime() + FaultPipeline.GRACE.plusSeconds(2).toNanos();
    Awaitility.await().atMost(PATIENCE).until(() -> System.nanoTime() - back > 0);
    assertThat(replies.stream().skip(300)).noneMatch(CompletableFuture::isDone);
    pipeline.restartRouter();

    replies.forEach(reply -> reply.orTimeout(PATIENCE.toSeconds(), SECONDS).join());
    NothingLost<String> nothingLost = new NothingLost<>();
    OneTerminalReply<String> once = OneTerminalReply.withEqualDuplicates();
    for (Lane lane : Lane.values()) {
      Map<RequestId, String> requests = pipeline.wire().requests(lane, "away-");
      pipeline.wire().tell(lane, requests, nothingLost, once);
      requests.forEach((id, text) -> once.delivered(id.toString(), FaultWire.payload(text)));
    }
    nothingLost.check();
    once.check();
  }

  @Test
  void resultPublishedTwice_isAnsweredOnce(FaultPipeline pipeline) {
    pipeline.assertServes("doubled-");
    FaultWire wire = pipeline.wire();
    Map<RequestId, String> requests = wire.requests(Lane.INTERACTIVE, "doubled-");
    long before = repliesTo(wire, requests);

    for (ConsumerRecord<byte[], byte[]> result : wire.read(Topics.results(Lane.INTERACTIVE))) {
      wire.send(result.topic(), result.partition(), result.key(), result.value(), result.headers());
    }
    // Both partitions of results are read past the copies when these are answered.
    pipeline.assertServes("after-the-doubled-");

    assertThat(repliesTo(wire, requests)).isEqualTo(before);
  }

  private static long repliesTo(FaultWire wire, Map<RequestId, String> requests) {
    return wire.replies(Lane.INTERACTIVE).stream()
        .filter(told -> requests.containsKey(told.to()))
        .count();
  }

  @Test
  void requestSentAgain_isAnsweredAlike(FaultPipeline pipeline) {
    pipeline.assertServes("again-");
    FaultWire wire = pipeline.wire();
    Map<RequestId, String> requests = wire.requests(Lane.INTERACTIVE, "again-");
    String topic = Topics.requests(Domain.DEFAULT, Lane.INTERACTIVE, Capability.EMBED);

    for (ConsumerRecord<byte[], byte[]> request : wire.read(topic)) {
      if (FaultWire.text(request).orElse("").startsWith("again-")) {
        wire.send(topic, request.partition(), request.key(), request.value(), request.headers());
      }
    }
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> repliesTo(wire, requests) >= 2L * requests.size());
    pipeline.assertServes("after-again-");

    OneTerminalReply<String> once = OneTerminalReply.withEqualDuplicates();
    wire.tell(Lane.INTERACTIVE, requests, once);
    requests.forEach((id, text) -> once.delivered(id.toString(), FaultWire.payload(text)));
    once.check();
  }
}
