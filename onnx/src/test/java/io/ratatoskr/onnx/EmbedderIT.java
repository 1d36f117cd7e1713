package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Truncation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Embedding with graphs of a few bytes: model styles, failures of one text, closing. */
class EmbedderIT {
  private static final InferenceConfig CONFIG = new InferenceConfig(new Device.Cpu(), 2, 1, 64);

  @ParameterizedTest
  @ValueSource(strings = {"hidden", "typed", "last", "pooled", "fp16"})
  void embed_everyStyleOfModel_isTheSameAloneAndPadded(String style) {
    try (Embedder embedder = TinyModels.load(style, CONFIG)) {
      List<String> texts = List.of("a", "a b c d e f g", "cat a", "j i h g f e d c b a");
      List<float[]> together = vectors(run(embedder, texts, Truncation.ERROR));
      for (int i = 0; i < texts.size(); i++) {
        float[] alone = vectors(run(embedder, List.of(texts.get(i)), Truncation.ERROR)).getFirst();
        assertThat(together.get(i)).containsExactly(alone, within(1e-6f));
      }
      assertThat(embedder.spec().dimensions()).isEqualTo(4);
    }
  }

  @Test
  void embed_halfPrecision_isNearFullPrecision() {
    try (Embedder full = TinyModels.load("hidden", CONFIG);
        Embedder half = TinyModels.load("fp16", CONFIG)) {
      List<String> texts = List.of("a b cat");
      assertThat(vectors(run(half, texts, Truncation.ERROR)).getFirst())
          .containsExactly(vectors(run(full, texts, Truncation.ERROR)).getFirst(), within(2e-3f));
      assertThat(half.spec().spaceId()).isNotEqualTo(full.spec().spaceId());
    }
  }

  @Test
  void embed_clsModelWithPrefixes_putsThePrefixOfTheTypeFirst() {
    try (Embedder embedder = TinyModels.load("cls", CONFIG)) {
      float[] query = vector(embedder, "cat", InputType.QUERY);
      float[] document = vector(embedder, "cat", InputType.DOCUMENT);
      // The graph adds the id of the first word: "a" (4) before a query, "b" (5) before a document.
      for (int i = 0; i < query.length; i++) {
        assertThat(document[i] - query[i]).isCloseTo(1, within(1e-5f));
      }
      assertThat(embedder.spec())
          .returns(Pooling.of(Pooling.Mode.CLS), EmbeddingSpec::pooling)
          .returns(false, EmbeddingSpec::normalise)
          .returns(64, EmbeddingSpec::maxTokens);
    }
  }

  @Test
  void embed_moreTokensThanTheLimit_obeysTheTruncation() {
    try (Embedder embedder = TinyModels.load("hidden", CONFIG)) {
      String twentyWords = "a b c d e f g h i j ".repeat(2);
      assertThat(run(embedder, List.of("a", twentyWords), Truncation.ERROR).get(1))
          .isEqualTo(new ItemResult.TooLong(16, 22));
      ItemResult.Inferred cut =
          embedded(run(embedder, List.of(twentyWords), Truncation.TRUNCATE).getFirst());
      assertThat(cut)
          .returns(22, ItemResult.Inferred::tokens)
          .returns(16, ItemResult.Inferred::usedTokens)
          .returns(true, ItemResult.Inferred::truncated);
      assertThat(cut.output())
          .containsExactly(vector(embedder, "a b c d e f g h i j a b c d", InputType.DOCUMENT));
    }
  }

  @Test
  void embed_chunkMean_isTheWeightedMeanOfThePartsNormalised() {
    try (Embedder embedder = TinyModels.load("pooled", CONFIG);
        Embedder again = TinyModels.load("pooled", CONFIG)) {
      String long21 = "a b c d e f g h i j a b c d e f g h i j cat";
      ItemResult.Inferred mean =
          embedded(run(embedder, List.of(long21), Truncation.CHUNK_MEAN).getFirst());
      assertThat(mean)
          .returns(23, ItemResult.Inferred::tokens)
          .returns(25, ItemResult.Inferred::usedTokens)
          .returns(false, ItemResult.Inferred::truncated);
      // The graph gives sums, so its parts' vectors are not of length 1: compare by direction.
      ModelSession session =
          ModelSession.open(TinyModels.files("pooled").model(), CONFIG, Signature.Output.VECTORS);
      BatchRunner runner = new BatchRunner(session, new Padding(0, false));
      try (session;
          GraphTokenizer tokenizer = GraphTokenizer.load(TinyModels.files("pooled").tokenizer())) {
        Head head = Head.graph(4, false);
        float[] first =
            runner.run(List.of(tokenizer.encode("a b c d e f g h i j")), head).getFirst();
        float[] second =
            runner.run(List.of(tokenizer.encode("a b c d e f g h i j cat")), head).getFirst();
        float[] expected = new float[4];
        for (int i = 0; i < 4; i++) {
          expected[i] = (first[i] * 10 + second[i] * 11) / 21;
        }
        double length = 0;
        for (float element : expected) {
          length += element * element;
        }
        for (int i = 0; i < 4; i++) {
          expected[i] /= (float) Math.sqrt(length);
        }
        assertThat(mean.output()).containsExactly(expected, within(1e-6f));
      } catch (ai.onnxruntime.OrtException e) {
        throw new AssertionError(e);
      }
      assertThat(again.spec()).isEqualTo(embedder.spec());
    }
  }

  @Test
  void embed_oneTextIsNotANumber_onlyThatOneFails() {
    try (Embedder embedder = TinyModels.load("nan", CONFIG)) {
      List<ItemResult> results =
          run(embedder, List.of("a", "b nan", "c d", "e", "f"), Truncation.ERROR);
      assertThat(results.get(1)).isEqualTo(new ItemResult.NotANumber());
      assertOthersEmbedded(results, 1);
    }
  }

  @Test
  void embed_oneTextFailsInTheRuntime_onlyThatOneFails() {
    try (Embedder embedder = TinyModels.load("poison", CONFIG)) {
      List<ItemResult> results =
          run(embedder, List.of("a", "b", "c d", "poison", "e", "f", "g"), Truncation.ERROR);
      assertThat(results.get(3))
          .isInstanceOfSatisfying(
              ItemResult.Native.class,
              failed -> assertThat(failed.message()).containsIgnoringCase("out of"));
      assertOthersEmbedded(results, 3);
    }
  }

  @Test
  void embed_batchNeedsTooMuchMemory_isHalvedUntilItFits() {
    try (Embedder embedder = TinyModels.load("greedy", CONFIG)) {
      List<ItemResult> results =
          run(embedder, List.of("a", "b", "c", "poison", "e", "f", "g"), Truncation.ERROR);
      assertThat(results.get(3)).isInstanceOf(ItemResult.OutOfMemory.class);
      assertOthersEmbedded(results, 3);
    }
  }

  @Test
  void submitAll_severalRequests_completesEachWithItsOwn() {
    try (Embedder embedder = TinyModels.load("hidden", CONFIG)) {
      List<Tokenised> requests = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        List<String> texts = Collections.nCopies(i % 4, "a b c d e f".substring(0, 1 + i % 10));
        requests.add(embedder.prepare(texts, InputType.DOCUMENT, Truncation.ERROR));
      }
      List<CompletableFuture<List<ItemResult>>> futures = embedder.submitAll(requests, Lane.BULK);
      for (int i = 0; i < 40; i++) {
        assertThat(futures.get(i).join()).hasSize(i % 4);
        assertOthersEmbedded(futures.get(i).join(), -1);
      }
    }
  }

  @Test
  void submit_textsPreparedForAnotherModel_isRefused() {
    try (Embedder one = TinyModels.load("hidden", CONFIG);
        Embedder other = TinyModels.load("last", CONFIG)) {
      Tokenised prepared = one.prepare(List.of("a"), InputType.QUERY, Truncation.ERROR);
      assertThatThrownBy(() -> other.submitAll(List.of(prepared), Lane.BULK))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("id=last");
    }
  }

  @Test
  void prepare_fromManyThreads_givesTheSameTokens() throws Exception {
    try (Embedder embedder = TinyModels.load("hidden", CONFIG)) {
      List<CompletableFuture<Long>> tokens = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        tokens.add(
            CompletableFuture.supplyAsync(() -> {
              long sum = 0;
              for (int i = 0; i < 200; i++) {
                sum +=
                    embedder
                        .prepare(List.of("a b cat"), InputType.QUERY, Truncation.ERROR)
                        .usedTokens();
              }
              return sum;
            }));
      }
      for (CompletableFuture<Long> sum : tokens) {
        assertThat(sum.get(30, TimeUnit.SECONDS)).isEqualTo(5 * 200);
      }
    }
  }

  @Test
  void close_withWorkWaiting_endsWhatRunsAndFailsTheRest() throws Exception {
    Embedder embedder = TinyModels.load("hidden", new InferenceConfig(new Device.Cpu(), 1, 1, 16));
    Tokenised prepared = embedder.prepare(List.of("a b"), InputType.QUERY, Truncation.ERROR);
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<List<ItemResult>> running = occupyTheCaller(embedder, prepared, release);
    CompletableFuture<List<ItemResult>> waiting = embedder.submit(prepared, Lane.BULK);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(embedder::close);

    assertClosed(waiting, Duration.ofSeconds(30));
    assertThat(closing).isNotDone();
    release.countDown();
    assertThat(closing).succeedsWithin(Duration.ofSeconds(30));
    assertThat(running.get(30, TimeUnit.SECONDS)).hasSize(1);
    assertClosed(embedder.submit(prepared, Lane.BULK), Duration.ZERO);
    assertThatThrownBy(() -> embedder.prepare(List.of("a"), InputType.QUERY, Truncation.ERROR))
        .isInstanceOf(ModelClosedException.class);
    embedder.close();
  }

  @Test
  void cancel_whileItWaits_isNotRun() throws Exception {
    try (Embedder embedder =
        TinyModels.load("hidden", new InferenceConfig(new Device.Cpu(), 1, 1, 16))) {
      Tokenised prepared = embedder.prepare(List.of("a b"), InputType.QUERY, Truncation.ERROR);
      CountDownLatch release = new CountDownLatch(1);
      CompletableFuture<List<ItemResult>> running = occupyTheCaller(embedder, prepared, release);
      CompletableFuture<List<ItemResult>> cancelled = embedder.submit(prepared, Lane.BULK);
      CompletableFuture<List<ItemResult>> next = embedder.submit(prepared, Lane.BULK);
      cancelled.cancel(false);
      release.countDown();
      assertThat(next.get(30, TimeUnit.SECONDS)).hasSize(1);
      assertThat(running.get(30, TimeUnit.SECONDS)).hasSize(1);
      assertThat(cancelled).isCancelled();
    }
  }

  /** Submits until something that hangs on a result runs on the bulk thread, and holds it. */
  private static CompletableFuture<List<ItemResult>> occupyTheCaller(
      Embedder embedder, Tokenised prepared, CountDownLatch release) {
    Thread test = Thread.currentThread();
    CompletableFuture<Void> held = new CompletableFuture<>();
    while (true) {
      CompletableFuture<List<ItemResult>> future = embedder.submit(prepared, Lane.BULK);
      CompletableFuture<Boolean> ranHere =
          future.thenApply(results -> {
            if (Thread.currentThread().equals(test)) {
              return true;
            }
            held.complete(null);
            try {
              return !release.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      CompletableFuture.anyOf(ranHere, held).join();
      if (held.isDone()) {
        return future;
      }
    }
  }

  private static void assertClosed(CompletableFuture<List<ItemResult>> future, Duration within) {
    assertThat(future)
        .failsWithin(within)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(ModelClosedException.class);
  }

  private static List<ItemResult> run(Embedder embedder, List<String> texts, Truncation how) {
    return embedder
        .submit(embedder.prepare(texts, InputType.DOCUMENT, how), Lane.INTERACTIVE)
        .join();
  }

  private static float[] vector(Embedder embedder, String text, InputType type) {
    return embedded(
            embedder
                .submit(embedder.prepare(List.of(text), type, Truncation.ERROR), Lane.INTERACTIVE)
                .join()
                .getFirst())
        .output();
  }

  private static List<float[]> vectors(List<ItemResult> results) {
    return results.stream().map(result -> embedded(result).output()).toList();
  }

  private static ItemResult.Inferred embedded(ItemResult result) {
    assertThat(result).isInstanceOf(ItemResult.Inferred.class);
    return (ItemResult.Inferred) result;
  }

  private static void assertOthersEmbedded(List<ItemResult> results, int except) {
    for (int i = 0; i < results.size(); i++) {
      if (i != except) {
        assertThat(results.get(i)).isInstanceOf(ItemResult.Inferred.class);
      }
    }
  }
}
