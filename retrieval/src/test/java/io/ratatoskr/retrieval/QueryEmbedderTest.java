package io.ratatoskr.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.client.Backoff;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.InferenceError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class QueryEmbedderTest {
  private static final Duration HALF = Duration.ofMillis(500);
  private static final InferenceError BUSY = InferenceError.overloaded("busy");

  private final ManualTime time = new ManualTime();
  private final FakePipeline pipeline = new FakePipeline();

  private QueryEmbedder embedder(Duration timeout, Consumer<EmbedReply> check) {
    return new QueryEmbedder(
        pipeline,
        "e",
        RequestOptions.defaults().withTimeout(timeout),
        check,
        Backoff.standard().withRandom(() -> 0),
        time);
  }

  private QueryEmbedder embedder() {
    return embedder(Duration.ofMinutes(1), _ -> {});
  }

  /** Fails that many requests. */
  private void failing(int times, InferenceError error) {
    AtomicInteger left = new AtomicInteger(times);
    pipeline.failingEmbed(_ ->
        left.getAndDecrement() > 0
            ? Optional.of(new RequestFailedException(error))
            : Optional.empty());
  }

  @Test
  void whatFailsForTheTimeBeing_isAskedAgainAfterAPause() {
    failing(1, BUSY);
    CompletableFuture<float[]> vector = embedder().embed("ash");

    time.advance(HALF.minusNanos(1));
    assertThat(pipeline.embedRequests()).hasSize(1);
    time.advance(Duration.ofNanos(1));

    assertThat(vector.join()).containsExactly(FakePipeline.vector("ash"));
    assertThat(pipeline.embedRequests()).hasSize(2);
  }

  @Test
  void whatKeepsFailing_isGivenUpAfterFourTries() {
    failing(99, BUSY);
    CompletableFuture<float[]> vector = embedder().embed("ash");
    IntStream.range(0, 3).forEach(_ -> time.advance(Duration.ofSeconds(2)));

    assertThatThrownBy(vector::join)
        .cause()
        .isInstanceOfSatisfying(
            RequestFailedException.class, e -> assertThat(e.error()).isEqualTo(BUSY));
    assertThat(pipeline.embedRequests()).hasSize(4);
  }

  @Test
  void nothingIsAskedAgainAfterTheTimeout() {
    failing(99, BUSY);
    CompletableFuture<float[]> vector = embedder(HALF, _ -> {}).embed("ash");

    assertThat(vector).isCompletedExceptionally();
    assertThat(pipeline.embedRequests()).hasSize(1);
  }

  @Test
  void whatWaitsWhileRequestsAreOut_goesTogether_andOneBadQueryCostsTheOthersNothing() {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    pipeline.holdEmbed(gate);
    pipeline.failingEmbed(request ->
        request.texts().contains("bad")
            ? Optional.of(
                new RequestFailedException(
                    InferenceError.workerCrashed(3, "every worker that ran it crashed")))
            : Optional.empty());
    QueryEmbedder embedder = embedder();
    List<CompletableFuture<float[]>> first =
        Stream.of("a", "b", "c", "d").map(embedder::embed).toList();
    List<CompletableFuture<float[]>> second =
        Stream.of("oak", "bad", "ash").map(embedder::embed).toList();
    assertThat(pipeline.embedRequests()).hasSize(4);
    gate.complete(null);

    first.forEach(CompletableFuture::join);
    assertThat(second.get(0).join()).containsExactly(FakePipeline.vector("oak"));
    assertThat(second.get(2).join()).containsExactly(FakePipeline.vector("ash"));
    assertThatThrownBy(second.get(1)::join).cause().isInstanceOf(RequestFailedException.class);
    assertThat(pipeline.embedRequests().get(4))
        .extracting(EmbedRequest::texts)
        .isEqualTo(List.of("oak", "bad", "ash"));
  }

  @Test
  void vectorsOfAnotherSpace_failTheirQueries_andWhatWaitsIsStillAsked() {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    pipeline.holdEmbed(gate);
    QueryEmbedder embedder =
        embedder(
            Duration.ofMinutes(1),
            _ -> {
              throw new IllegalStateException("another space");
            });
    List<CompletableFuture<float[]>> vectors =
        IntStream.range(0, 9).mapToObj(i -> embedder.embed("q" + i)).toList();
    gate.complete(null);

    assertThat(vectors)
        .allSatisfy(
            vector -> assertThatThrownBy(vector::join).hasRootCauseMessage("another space"));
  }
}
