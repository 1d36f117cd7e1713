package io.ratatoskr.schemas;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Vectors of 32-bit components; as bytes they are little-endian IEEE 754, four bytes a component.
 */
public final class Float32 {
  private Float32() {}

  /** The vector's bytes, ready for reading. */
  public static ByteBuffer encode(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return bytes;
  }

  /**
   * The vector of those bytes; the buffer's position stays.
   *
   * @throws IllegalArgumentException if the length is no multiple of four
   */
  public static float[] decode(ByteBuffer bytes) {
    if (bytes.remaining() % Float.BYTES != 0) {
      throw new IllegalArgumentException(
          bytes.remaining() + " bytes are no vector of 32-bit components");
    }
    float[] vector = new float[bytes.remaining() / Float.BYTES];
    bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
    return vector;
  }

  /**
   * Their cosine, computed in double precision: -1 to 1, and NaN where one has no direction.
   *
   * @throws IllegalArgumentException if their lengths differ
   */
  public static double cosine(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "vectors of " + a.length + " and " + b.length + " components have no cosine");
    }
    double dot = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      squaresA += (double) a[i] * a[i];
      squaresB += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(squaresA * squaresB);
  }
}
