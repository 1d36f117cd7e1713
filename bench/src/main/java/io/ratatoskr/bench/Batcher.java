package io.ratatoskr.bench;

import io.ratatoskr.onnx.Embedder;
import io.ratatoskr.onnx.InferenceConfig;
import io.ratatoskr.onnx.ItemResult;
import io.ratatoskr.onnx.ModelCache;
import io.ratatoskr.onnx.ModelFiles;
import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Truncation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/**
 * The same inference without Kafka: the records that a bulk job would send, cut from windows sorted
 * by length, go straight into the embedder, as many in flight as there.
 */
final class Batcher {
  private static final int WINDOW = 4_096;
  private static final int RECORD = 32;
  private static final int IN_FLIGHT = 64;

  private final Embedder embedder;

  private Batcher(Embedder embedder) {
    this.embedder = embedder;
  }

  static void serve(
      long start, String model, Path file, int count, int callers, int threads, int budget)
      throws Exception {
    InferenceConfig config = config(callers, threads, budget);
    List<String> texts = Corpus.texts(file, count);
    try (Embedder embedder =
        Embedder.load(ModelFiles.builtIn(model, ModelCache.standard()), config)) {
      Batcher batcher = new Batcher(embedder);
      batcher.embed(texts.subList(0, Math.min(256, texts.size())));
      Contender.serve(
          Map.of(
              "peer",
              "batcher",
              "versions",
              Map.of("onnxruntime", Versions.of("onnxruntime")),
              "settings",
              settings(config),
              "loadSeconds",
              (System.nanoTime() - start) / 1e9),
          (slice, vectors) -> {
            long begin = System.nanoTime();
            float[][] all = batcher.embed(slice.of(texts));
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (vectors.isPresent()) {
              Vectors.write(vectors.get(), List.of(all));
            }
            return Map.of("texts", all.length, "seconds", seconds);
          });
    }
  }

  /** The module's own choice wherever a number is 0. */
  static InferenceConfig config(int callers, int threads, int budget) {
    InferenceConfig usual = InferenceConfig.defaults();
    return new InferenceConfig(
        usual.device(),
        callers == 0 ? usual.callers() : callers,
        threads == 0 ? usual.threads() : threads,
        budget == 0 ? usual.batchTokens() : budget);
  }

  static Map<String, Integer> settings(InferenceConfig config) {
    return Map.of(
        "callers", config.callers(), "threads", config.threads(), "budget", config.batchTokens());
  }

  private float[][] embed(List<String> texts) throws InterruptedException {
    float[][] vectors = new float[texts.size()][];
    Semaphore room = new Semaphore(IN_FLIGHT);
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (List<Integer> positions : records(texts)) {
      var prepared =
          embedder.prepare(
              positions.stream().map(texts::get).toList(), InputType.DOCUMENT, Truncation.ERROR);
      room.acquire();
      running.add(
          embedder
              .submit(prepared, Lane.BULK)
              .whenComplete((results, failure) -> room.release())
              .thenAccept(results -> {
                for (int i = 0; i < results.size(); i++) {
                  vectors[positions.get(i)] = vector(results.get(i));
                }
              }));
    }
    running.forEach(CompletableFuture::join);
    return vectors;
  }

  private static List<List<Integer>> records(List<String> texts) {
    List<List<Integer>> records = new ArrayList<>();
    for (int from = 0; from < texts.size(); from += WINDOW) {
      List<Integer> window =
          IntStream.range(from, Math.min(texts.size(), from + WINDOW))
              .boxed()
              .sorted(Comparator.comparingInt((Integer i) -> texts.get(i).length()).reversed())
              .toList();
      for (int at = 0; at < window.size(); at += RECORD) {
        records.add(window.subList(at, Math.min(window.size(), at + RECORD)));
      }
    }
    return records;
  }

  private static float[] vector(ItemResult result) {
    return switch (result) {
      case ItemResult.Inferred embedded -> embedded.output();
      case ItemResult.NotInferred failed -> throw new IllegalStateException(failed.toString());
    };
  }
}
