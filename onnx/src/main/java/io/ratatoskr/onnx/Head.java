package io.ratatoskr.onnx;

import java.nio.file.Path;
import java.util.List;

/**
 * Makes the result of one row of a batch out of the graph's output.
 *
 * @param pooling how it is read: logits and pooled vectors with {@link Pooling.Graph}
 * @param width numbers that the graph gives for a token, or for a row where it pools by itself
 * @param dense layers behind the pooling, the first applied first; often none
 * @param normalise whether the result is scaled to length 1, after all parts of a text are averaged
 */
record Head(Pooling pooling, int width, List<Dense> dense, boolean normalise) {
  Head {
    dense = List.copyOf(dense);
    int from = pooling.dimensions(width);
    for (Dense layer : dense) {
      layer.requireInputs(from);
      from = layer.outputs();
    }
  }

  /** The head of a graph whose output is the result. */
  static Head graph(int width, boolean normalise) {
    return new Head(new Pooling.Graph(), width, List.of(), normalise);
  }

  /** Length of a row's result: dimensions of a vector, or number of logits. */
  int dimensions() {
    return dense.isEmpty() ? pooling.dimensions(width) : dense.getLast().outputs();
  }

  /** The files beside the graph on which results depend. */
  List<Path> files() {
    return dense.stream().map(Dense::files).flatMap(List::stream).toList();
  }

  /**
   * The result of one row, {@code [dimensions()]}, not normalised.
   *
   * @param start element where the row's first token begins, or its only vector
   * @param tokens tokens of the row, padding not counted
   */
  float[] of(VectorReader output, int start, int tokens) {
    float[] vector = output.pool(pooling, start, tokens, width);
    for (Dense layer : dense) {
      vector = layer.apply(vector);
    }
    return vector;
  }
}
