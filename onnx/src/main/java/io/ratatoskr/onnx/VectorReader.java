package io.ratatoskr.onnx;

import ai.onnxruntime.OnnxJavaType;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Reads vectors one by one out of an output tensor. */
@FunctionalInterface
interface VectorReader {

  /** Fills {@code into} with the vector that starts at this element. */
  void read(int element, float[] into);

  static VectorReader of(ByteBuffer tensor, OnnxJavaType type) {
    if (type == OnnxJavaType.FLOAT16) {
      ShortBuffer halves = tensor.asShortBuffer();
      return (element, into) -> {
        for (int i = 0; i < into.length; i++) {
          into[i] = Float.float16ToFloat(halves.get(element + i));
        }
      };
    }
    FloatBuffer floats = tensor.asFloatBuffer();
    return (element, into) -> floats.get(element, into);
  }

  /**
   * The pooled vector of one row.
   *
   * @param start element where the row begins
   * @param tokens tokens of the row, padding not counted
   */
  default float[] pool(Pooling pooling, int start, int tokens, int dimensions) {
    float[] pooled = new float[dimensions];
    switch (pooling) {
      case CLS, GRAPH -> read(start, pooled);
      case LAST -> read(start + (tokens - 1) * dimensions, pooled);
      case MEAN -> {
        float[] token = new float[dimensions];
        for (int t = 0; t < tokens; t++) {
          read(start + t * dimensions, token);
          for (int i = 0; i < dimensions; i++) {
            pooled[i] += token[i];
          }
        }
        for (int i = 0; i < dimensions; i++) {
          pooled[i] /= tokens;
        }
      }
    }
    return pooled;
  }
}
