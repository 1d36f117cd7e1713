package io.ratatoskr.schemas;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Vectors as bytes: little-endian IEEE 754 binary32, four bytes a component. */
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
}
