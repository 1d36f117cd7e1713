package io.ratatoskr.bench;

import io.ratatoskr.bulk.BulkJob;
import io.ratatoskr.bulk.CancelSignal;
import io.ratatoskr.bulk.EmbedJob;
import io.ratatoskr.bulk.JobConfig;
import io.ratatoskr.bulk.JobKind;
import io.ratatoskr.bulk.JobResult;
import io.ratatoskr.bulk.OnExisting;
import io.ratatoskr.bulk.ProgressListener;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Truncation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A file embedded as {@code ./ratatoskr embed} does it, on a pipeline that is up already. */
final class Job {
  private final Ratatoskr ratatoskr;
  private final String model;
  private final Path folder;

  Job(Ratatoskr ratatoskr, String model, Path folder) {
    this.ratatoskr = ratatoskr;
    this.model = model;
    this.folder = folder;
  }

  /** Seconds from opening the input until the output is whole. */
  double run(Path input, String output, ProgressListener listener) {
    return run(input, output, EmbedJob.of(model), listener);
  }

  /** The same, where texts above the model's limit are cut. */
  double runTruncating(Path input, String output) {
    JobKind embed = new EmbedJob(model, InputType.DOCUMENT, Truncation.TRUNCATE, 0);
    return run(input, output, embed, ProgressListener.none());
  }

  private double run(Path input, String output, JobKind kind, ProgressListener listener) {
    Path out = folder.resolve(output);
    JobConfig config =
        JobConfig.of(input.toString(), out, kind).withOnExisting(OnExisting.OVERWRITE);
    long begin = System.nanoTime();
    JobResult result = BulkJob.run(config, ratatoskr, listener, new CancelSignal());
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (!(result instanceof JobResult.Whole)) {
      throw new IllegalStateException("the job is not whole: " + result);
    }
    return seconds;
  }

  /** The vectors of a job, as its JSON lines have them. */
  List<float[]> vectors(Path input) throws IOException {
    run(input, "vectors.jsonl", ProgressListener.none());
    List<float[]> vectors = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("vectors.jsonl"))) {
      JsonNode embedding = JsonMapper.shared().readTree(line).path("embedding");
      float[] vector = new float[embedding.size()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = embedding.get(i).floatValue();
      }
      vectors.add(vector);
    }
    return vectors;
  }
}
