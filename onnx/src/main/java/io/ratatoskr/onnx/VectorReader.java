package io.ratatoskr.onnx;

import ai.onnxruntime.OnnxJavaType;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Reads vectors one by one out of an output tensor, whose numbers ("elements") lie row by row. */
@FunctionalInterface
interface VectorReader {

  /** Fills {@code into} with the numbers from this element on, as many as it holds. */
  void read(int element, float[] into);

  /** A reader of a tensor of fp32 or fp16 numbers. */
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
   * The pooled vector of one row, {@code pooling.dimensions(width)} long.
   *
   * @param start element where the row's first token begins, or its only vector
   * @param tokens tokens of the row, padding not counted; 1 or more
   * @param width numbers a token, or a row where the graph pools by itself
   */
  default float[] pool(Pooling pooling, int start, int tokens, int width) {
    float[] pooled = new float[pooling.dimensions(width)];
    switch (pooling) {
      case Pooling.Graph graph -> read(start, pooled);
      case Pooling.Tokens(var modes) -> {
        for (int i = 0; i < modes.size(); i++) {
          System.arraycopy(pool(modes.get(i), start, tokens, width), 0, pooled, i * width, width);
        }
      }
    }
    return pooled;
  }

  private float[] pool(Pooling.Mode mode, int start, int tokens, int width) {
    float[] pooled = new float[width];
    switch (mode) {
      case CLS -> read(start, pooled);
      case LAST_TOKEN -> read(start + (tokens - 1) * width, pooled);
      case MAX -> highest(start, tokens, pooled);
      case MEAN -> sum(start, tokens, pooled, false, tokens);
      case MEAN_SQRT_LEN -> sum(start, tokens, pooled, false, (float) Math.sqrt(tokens));
      case WEIGHTED_MEAN -> sum(start, tokens, pooled, true, tokens * (tokens + 1f) / 2);
    }
    return pooled;
  }

  private void highest(int start, int tokens, float[] into) {
    float[] token = new float[into.length];
    read(start, into);
    for (int t = 1; t < tokens; t++) {
      read(start + t * into.length, token);
      for (int i = 0; i < into.length; i++) {
        into[i] = Math.max(into[i], token[i]);
      }
    }
  }

  /** The sum of all token vectors, each {@code weighted} by its place from 1 or not, divided. */
  private void sum(int start, int tokens, float[] into, boolean weighted, float divisor) {
    float[] token = new float[into.length];
    for (int t = 0; t < tokens; t++) {
      read(start + t * into.length, token);
      float weight = weighted ? t + 1 : 1;
      for (int i = 0; i < into.length; i++) {
        into[i] += token[i] * weight;
      }
    }
    for (int i = 0; i < into.length; i++) {
      into[i] /= divisor;
    }
  }
}
