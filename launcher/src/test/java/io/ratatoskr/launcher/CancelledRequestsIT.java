package io.ratatoskr.launcher;

import static io.ratatoskr.launcher.FaultPipeline.PATIENCE;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.Answered;
import io.ratatoskr.schemas.wire.WorkResult;
import io.ratatoskr.testkit.NothingLost;
import io.ratatoskr.testkit.OneTerminalReply;
import io.ratatoskr.worker.HashEngine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests that are cancelled while they wait, while they run, and while the router is away. */
@ExtendWith(FaultPipeline.Extension.class)
class CancelledRequestsIT {
  private static final Codec<WorkResult> RESULT = Codec.of(WorkResult.class, SchemaIds.derived());
  private static final String CANCELLED = FaultWire.error(ErrorCode.CANCELLED.wireName());

  /** Of 32 texts, so that a worker takes a quarter of a second for it. */
  private static EmbedRequest slow(String text, RequestOptions options) {
    List<String> texts = IntStream.range(0, 32).mapToObj(i -> text + "-" + i).toList();
    return EmbedRequest.of(HashEngine.MODEL, texts).withOptions(options.withTimeout(PATIENCE));
  }

  private static List<CompletableFuture<EmbedReply>> sendSlow(
      FaultPipeline pipeline, String prefix, int count, RequestOptions options) {
    List<CompletableFuture<EmbedReply>> replies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      replies.add(pipeline.client().embed(slow(prefix + i, options)));
    }
    return replies;
  }

  private static RequestOptions bulk() {
    return RequestOptions.defaults().withLane(Lane.BULK);
  }

  private static void awaitConfirmed(FaultPipeline pipeline, Lane lane) {
    Awaitility.await().atMost(PATIENCE).until(() -> pipeline.client().inFlight(lane) == 0);
  }

  /** Answers that workers have given to those requests. */
  private static long inferences(FaultPipeline pipeline, Lane lane, String prefix) {
    FaultWire wire = pipeline.wire();
    Set<ByteBuffer> keys = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> request :
        wire.read(Topics.requests(Domain.DEFAULT, lane, Capability.EMBED))) {
      if (FaultWire.text(request).orElse("").startsWith(prefix)) {
        keys.add(ByteBuffer.wrap(request.key()));
      }
    }
    return wire.read(Topics.results(lane)).stream()
        .filter(result -> keys.contains(ByteBuffer.wrap(result.key())))
        .filter(result -> RESULT.decode(result.value()).getOutcome() instanceof Answered)
        .count();
  }

  /** Each has one reply, or equal ones: its answer, or that it was cancelled. */
  private static Map<String, String> repliesTo(FaultPipeline pipeline, Lane lane, String prefix) {
    Map<RequestId, String> requests = pipeline.wire().requests(lane, prefix);
    NothingLost<String> nothingLost = new NothingLost<>();
    OneTerminalReply<String> once = OneTerminalReply.withEqualDuplicates();
    pipeline.wire().tell(lane, requests, nothingLost, once);
    nothingLost.check();
    once.check();
    Map<String, String> told = new HashMap<>();
    for (FaultWire.Told reply : pipeline.wire().replies(lane)) {
      if (requests.containsKey(reply.to())) {
        told.put(requests.get(reply.to()), reply.payload());
      }
    }
    assertThat(told).hasSize(requests.size());
    told.forEach((text, payload) -> assertThat(payload).isIn(FaultWire.payload(text), CANCELLED));
    return told;
  }

  @Test
  void cancelledWhileTheyWait_areNotInferred(FaultPipeline pipeline) {
    List<CompletableFuture<EmbedReply>> replies = sendSlow(pipeline, "waiting-", 400, bulk());
    Awaitility.await().atMost(PATIENCE).until(() -> replies.stream().anyMatch(Future::isDone));

    replies.forEach(reply -> reply.cancel(false));
    awaitConfirmed(pipeline, Lane.BULK);
    pipeline.assertServes("after-waiting-"); // behind all of them in their queue

    // By their speed the workers would have taken half a minute for all of them.
    assertThat(inferences(pipeline, Lane.BULK, "waiting-")).isLessThan(300);
    Map<String, String> told = repliesTo(pipeline, Lane.BULK, "waiting-");
    assertThat(told).hasSize(400);
    assertThat(told.values()).filteredOn(CANCELLED::equals).hasSizeGreaterThan(100);
  }

  @Test
  void cancelledWhileItRuns_isWithdrawn_andItsWorkerGoesOn(FaultPipeline pipeline) {
    String text = HashEngine.HANG + "running";
    List<CompletableFuture<EmbedReply>> replies = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      replies.add(pipeline.embed(Lane.INTERACTIVE, PATIENCE, text + i));
    }
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> pipeline.wire().requests(Lane.INTERACTIVE, text).size() == 3);

    replies.forEach(reply -> reply.cancel(false));

    awaitConfirmed(pipeline, Lane.INTERACTIVE);
    pipeline.assertServes("after-running-");
    Map<RequestId, String> requests = pipeline.wire().requests(Lane.INTERACTIVE, text);
    assertThat(
            pipeline.wire().replies(Lane.INTERACTIVE).stream()
                .filter(told -> requests.containsKey(told.to())))
        .extracting(FaultWire.Told::payload)
        .containsOnly(CANCELLED);
  }

  @Test
  void cancelledWhileTheRouterIsKilled_eachHasOneReply(FaultPipeline pipeline) {
    List<CompletableFuture<EmbedReply>> replies = sendSlow(pipeline, "killed-", 150, bulk());
    Awaitility.await().atMost(PATIENCE).until(() -> replies.stream().anyMatch(Future::isDone));
    replies.subList(0, 75).forEach(reply -> reply.cancel(false));
    pipeline.killRouter();
    replies.forEach(reply -> reply.cancel(false));
    pipeline.restartRouter();

    awaitConfirmed(pipeline, Lane.BULK);
    pipeline.assertServes("after-killed-");
    Map<String, String> told = repliesTo(pipeline, Lane.BULK, "killed-");
    assertThat(told).hasSize(150);
    assertThat(told.values()).contains(CANCELLED);
  }

  @Test
  void oneOfTwoThatAskAlike_leaves_andTheOtherIsAnswered(FaultPipeline pipeline) {
    RequestOptions alike = RequestOptions.defaults().withCache(CacheMode.ON).withTimeout(PATIENCE);
    EmbedRequest request = EmbedRequest.of(HashEngine.MODEL, "alike-").withOptions(alike);
    // They keep all workers busy until both wait.
    List<CompletableFuture<EmbedReply>> before =
        sendSlow(pipeline, "before-alike-", 24, RequestOptions.defaults());
    CompletableFuture<EmbedReply> first = pipeline.client().embed(request);
    CompletableFuture<EmbedReply> second = pipeline.client().embed(request);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> pipeline.wire().requests(Lane.INTERACTIVE, "alike-").size() == 2);

    first.cancel(false);

    assertThat(second.orTimeout(PATIENCE.toSeconds(), SECONDS).join().vector())
        .isEqualTo(HashEngine.vector("alike-", FaultRole.DIMENSIONS));
    before.forEach(reply -> reply.orTimeout(PATIENCE.toSeconds(), SECONDS).join());
    awaitConfirmed(pipeline, Lane.INTERACTIVE);
    assertThat(inferences(pipeline, Lane.INTERACTIVE, "alike-")).isEqualTo(1);
  }

  @Test
  void jobCancelled_itsRequestsEnd_andThoseOfItsNextRunDoNot(FaultPipeline pipeline) {
    JobEpoch run = new JobEpoch("corpus", 1);
    List<CompletableFuture<EmbedReply>> replies =
        sendSlow(pipeline, "of-the-job-", 200, bulk().withJob(run));
    Awaitility.await().atMost(PATIENCE).until(() -> replies.stream().anyMatch(Future::isDone));

    pipeline.client().cancelJob(run, Lane.BULK).orTimeout(PATIENCE.toSeconds(), SECONDS).join();

    awaitConfirmed(pipeline, Lane.BULK);
    assertThat(replies).allMatch(CompletableFuture::isDone);
    Map<String, String> told = repliesTo(pipeline, Lane.BULK, "of-the-job-");
    assertThat(told.values()).contains(CANCELLED);
    CompletableFuture<EmbedReply> next =
        pipeline.client().embed(slow("of-the-next-run", bulk().withJob(new JobEpoch("corpus", 2))));
    assertThat(next.orTimeout(PATIENCE.toSeconds(), SECONDS).join().vectors()).hasSize(32);
  }
}
