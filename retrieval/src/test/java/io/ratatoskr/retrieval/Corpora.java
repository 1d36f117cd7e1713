package io.ratatoskr.retrieval;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Files as {@code embed} reads and writes them. */
final class Corpora {
  private Corpora() {}

  /** A text under its id. */
  record Doc(String id, String text) {}

  static Path texts(Path folder, List<Doc> docs) throws IOException {
    Path file = folder.resolve("corpus.jsonl");
    try (BufferedWriter lines = Files.newBufferedWriter(file)) {
      for (Doc doc : docs) {
        lines.write("{\"id\":\"%s\",\"text\":\"%s\"}\n".formatted(doc.id(), doc.text()));
      }
    }
    return file;
  }

  /** Their vectors as the fake pipeline makes them. */
  static Path vectors(Path folder, List<Doc> docs) throws IOException {
    Path file = folder.resolve("vectors.jsonl");
    try (BufferedWriter lines = Files.newBufferedWriter(file)) {
      for (Doc doc : docs) {
        write(lines, doc.id(), FakePipeline.vector(doc.text()), FakePipeline.SPACE);
      }
    }
    return file;
  }

  static void write(BufferedWriter lines, String id, float[] vector, String space)
      throws IOException {
    lines.write(
        "{\"id\":\"%s\",\"embedding\":%s,\"model\":\"e\",\"space_id\":\"%s\"}\n"
            .formatted(id, Arrays.toString(vector), space));
  }

  /**
   * Points around centres that are unevenly popular, as embeddings of texts about some topics lie.
   */
  static float[][] clustered(int count, int dimensions, int centres, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] centre = new float[centres][];
    for (int i = 0; i < centres; i++) {
      centre[i] = gaussian(random, dimensions);
    }
    float[][] points = new float[count][];
    for (int i = 0; i < count; i++) {
      double popularity = random.nextDouble();
      float[] around = centre[(int) (popularity * popularity * centres)];
      points[i] = gaussian(random, dimensions);
      for (int j = 0; j < dimensions; j++) {
        points[i][j] = around[j] + 0.7f * points[i][j];
      }
    }
    return points;
  }

  private static float[] gaussian(SplittableRandom random, int dimensions) {
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }
}
