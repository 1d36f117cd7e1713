package io.ratatoskr.bench;

import io.ratatoskr.onnx.Embedder;
import io.ratatoskr.onnx.InferenceConfig;
import io.ratatoskr.onnx.ModelCache;
import io.ratatoskr.onnx.ModelFiles;
import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Truncation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The process of a client that does without the pipeline: four bare hops and the inference, nothing
 * else. What slows it beside bulk work is the machine's share of what slows an interactive request
 * there.
 */
final class BareClient {
  private BareClient() {}

  static void serve(long start, String bootstrap, String model) throws Exception {
    Sentences sentences = new Sentences(5);
    try (Echo echo = new Echo(bootstrap);
        Embedder embedder =
            Embedder.load(
                ModelFiles.builtIn(model, ModelCache.standard()), InferenceConfig.defaults());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Contender.serve(
          "hops and inference",
          start,
          (slice, vectors) ->
              PacedClient.paced(
                  text ->
                      CompletableFuture.runAsync(
                          () -> hopsAndInference(echo, embedder, text), threads),
                  sentences,
                  slice.from(),
                  slice.to()));
    }
  }

  private static void hopsAndInference(Echo echo, Embedder embedder, String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      echo.roundTrip(bytes);
      embedder
          .submit(
              embedder.prepare(List.of(text), InputType.DOCUMENT, Truncation.ERROR),
              Lane.INTERACTIVE)
          .get(10, TimeUnit.SECONDS);
      echo.roundTrip(bytes);
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }
}
