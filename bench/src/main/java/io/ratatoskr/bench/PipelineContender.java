package io.ratatoskr.bench;

import io.ratatoskr.allinone.EmbeddedRatatoskr;
import io.ratatoskr.bulk.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The whole path in one JVM, as {@code ./ratatoskr embed --input FILE --output FILE} runs it: file,
 * client, broker, router, worker, and back into a file.
 */
final class PipelineContender {
  private PipelineContender() {}

  static void serve(long start, String model, Path texts, int count) throws Exception {
    Path folder = Files.createTempDirectory(Home.bench("target"), "pipeline-");
    List<String> lines = Corpus.lines(texts, count);
    Path input = folder.resolve("input.jsonl");
    Path few = folder.resolve("few.jsonl");
    Files.write(few, new Slice(0, 256).of(lines));
    try (EmbeddedRatatoskr ratatoskr = EmbeddedRatatoskr.start(folder.resolve("data"), model)) {
      Job job = new Job(ratatoskr, model, folder);
      job.run(few, "few.parquet", ProgressListener.none());
      Contender.serve(
          Map.of(
              "peer",
              "pipeline",
              "versions",
              Map.of(
                  "onnxruntime", Versions.of("onnxruntime"), "kafka", Versions.of("kafka-clients")),
              "settings",
              Map.of("defaults", "./ratatoskr embed", "output", "parquet"),
              "loadSeconds",
              (System.nanoTime() - start) / 1e9),
          (slice, vectors) -> {
            List<String> some = slice.of(lines);
            Files.write(input, some);
            double seconds = job.run(input, "vectors.parquet", ProgressListener.none());
            if (vectors.isPresent()) {
              Vectors.write(vectors.get(), job.vectors(input));
            }
            return Map.of("texts", some.size(), "seconds", seconds);
          });
    } finally {
      Home.delete(folder);
    }
  }
}
