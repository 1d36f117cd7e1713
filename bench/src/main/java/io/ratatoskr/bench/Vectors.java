package io.ratatoskr.bench;

import io.ratatoskr.schemas.Float32;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Vectors in a file, little-endian f32, one after the other. */
final class Vectors {
  private Vectors() {}

  static void write(Path file, List<float[]> vectors) throws IOException {
    int elements = vectors.stream().mapToInt(vector -> vector.length).sum();
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(elements, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float[] vector : vectors) {
      bytes.asFloatBuffer().put(vector);
      bytes.position(bytes.position() + vector.length * Float.BYTES);
    }
    Files.write(file, bytes.array());
  }

  /** The lowest cosine of any pair: 1 where both did the same work. */
  static double lowestCosine(Path one, Path other, int dimensions) {
    FloatBuffer a = read(one);
    FloatBuffer b = read(other);
    if (a.remaining() != b.remaining() || a.remaining() % dimensions != 0) {
      throw new IllegalStateException(
          "%s has %d numbers, %s has %d".formatted(one, a.remaining(), other, b.remaining()));
    }
    float[] vectorA = new float[dimensions];
    float[] vectorB = new float[dimensions];
    double lowest = 1;
    while (a.hasRemaining()) {
      a.get(vectorA);
      b.get(vectorB);
      lowest = Math.min(lowest, Float32.cosine(vectorA, vectorB));
    }
    return lowest;
  }

  /** The largest difference of any two numbers: near 0 where both did the same work. */
  static double largestDifference(Path one, Path other) {
    FloatBuffer a = read(one);
    FloatBuffer b = read(other);
    if (a.remaining() != b.remaining()) {
      throw new IllegalStateException(
          "%s has %d numbers, %s has %d".formatted(one, a.remaining(), other, b.remaining()));
    }
    double largest = 0;
    while (a.hasRemaining()) {
      largest = Math.max(largest, Math.abs((double) a.get() - b.get()));
    }
    return largest;
  }

  private static FloatBuffer read(Path file) {
    try {
      return ByteBuffer.wrap(Files.readAllBytes(file))
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
