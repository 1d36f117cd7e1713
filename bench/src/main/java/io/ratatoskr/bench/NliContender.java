package io.ratatoskr.bench;

import io.ratatoskr.allinone.EmbeddedRatatoskr;
import io.ratatoskr.client.NliReply;
import io.ratatoskr.client.NliRequest;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.onnx.InferenceConfig;
import io.ratatoskr.onnx.ItemResult;
import io.ratatoskr.onnx.ModelCache;
import io.ratatoskr.onnx.ModelFiles;
import io.ratatoskr.onnx.PairClassifier;
import io.ratatoskr.onnx.TextPair;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.PairTruncation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * Judges pairs in records of 32, cut from windows sorted by length, so many in flight as in a bulk
 * job: through the whole pipeline in one JVM, or straight into the batcher.
 */
final class NliContender {
  private static final int IN_FLIGHT = 64;
  private static final int WARM_UP = 256;

  private final Judge judge;

  /** Judges the pairs of one record: probabilities of contradiction, entailment and neutral. */
  private interface Judge {
    CompletableFuture<List<float[]>> judge(List<TextPair> record);
  }

  private NliContender(Judge judge) {
    this.judge = judge;
  }

  static void pipeline(long start, String model, Path file, int count) throws Exception {
    Path folder = Files.createTempDirectory(Home.bench("target"), "nli-");
    RequestOptions bulk =
        RequestOptions.defaults().withLane(Lane.BULK).withTimeout(Duration.ofHours(1));
    try (EmbeddedRatatoskr ratatoskr = EmbeddedRatatoskr.start(folder.resolve("data"), model)) {
      Judge judge =
          record -> {
            List<NliRequest.Pair> pairs =
                record.stream()
                    .map(pair -> new NliRequest.Pair(pair.premise(), pair.hypothesis()))
                    .toList();
            return ratatoskr
                .nli(NliRequest.of(model, pairs).withOptions(bulk))
                .thenApply(reply -> reply.scores().stream().map(NliContender::scores).toList());
          };
      new NliContender(judge)
          .serve("pipeline", Map.of("defaults", "up", "in flight", IN_FLIGHT), start, file, count);
    } finally {
      Home.delete(folder);
    }
  }

  private static float[] scores(NliReply.Scored scored) {
    return new float[] {
      (float) scored.contradiction(),
      (float) scored.entailment(),
      (float) scored.neutral().orElse(0)
    };
  }

  static void batcher(
      long start, String model, Path file, int count, int callers, int threads, int budget)
      throws Exception {
    InferenceConfig config = Batcher.config(callers, threads, budget);
    try (PairClassifier classifier =
        PairClassifier.load(ModelFiles.builtIn(model, ModelCache.standard()), config)) {
      new NliContender(record ->
          classifier
              .submit(classifier.prepare(record, PairTruncation.ERROR), Lane.BULK)
              .thenApply(results -> results.stream().map(NliContender::probabilities).toList()))
          .serve("batcher", Batcher.settings(config), start, file, count);
    }
  }

  /** The built-in model's logits are in this order already. */
  private static float[] probabilities(ItemResult result) {
    return switch (result) {
      case ItemResult.Inferred inferred -> softmax(inferred.output());
      case ItemResult.NotInferred failed -> throw new IllegalStateException(failed.toString());
    };
  }

  private static float[] softmax(float[] logits) {
    float[] powers = new float[logits.length];
    float sum = 0;
    for (int i = 0; i < logits.length; i++) {
      powers[i] = (float) Math.exp(logits[i]);
      sum += powers[i];
    }
    for (int i = 0; i < powers.length; i++) {
      powers[i] /= sum;
    }
    return powers;
  }

  private void serve(String name, Map<String, ?> settings, long start, Path file, int count)
      throws Exception {
    List<TextPair> pairs = Pairs.read(file, count);
    judgeAll(pairs.subList(0, Math.min(WARM_UP, pairs.size())));
    Contender.serve(
        Map.of(
            "peer",
            name,
            "versions",
            Map.of("onnxruntime", Versions.of("onnxruntime")),
            "settings",
            settings,
            "loadSeconds",
            (System.nanoTime() - start) / 1e9),
        (slice, probabilities) -> {
          long begin = System.nanoTime();
          float[][] all = judgeAll(slice.of(pairs));
          double seconds = (System.nanoTime() - begin) / 1e9;
          if (probabilities.isPresent()) {
            Vectors.write(probabilities.get(), List.of(all));
          }
          return Map.of("texts", all.length, "seconds", seconds);
        });
  }

  private float[][] judgeAll(List<TextPair> pairs) throws InterruptedException {
    float[][] scores = new float[pairs.size()][];
    Semaphore room = new Semaphore(IN_FLIGHT);
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (List<Integer> positions : Pairs.records(pairs)) {
      room.acquire();
      running.add(
          judge
              .judge(positions.stream().map(pairs::get).toList())
              .whenComplete((results, failure) -> room.release())
              .thenAccept(results -> {
                for (int i = 0; i < results.size(); i++) {
                  scores[positions.get(i)] = results.get(i);
                }
              }));
    }
    running.forEach(CompletableFuture::join);
    return scores;
  }
}
