package io.ratatoskr.onnx;

/** How the token vectors of a text become one vector. */
public enum Pooling {
  /** The mean of all token vectors, special tokens included. */
  MEAN,
  /** The vector of the first token. */
  CLS,
  /** The vector of the last token that is not padding. */
  LAST,
  /** The graph pools by itself: its output has one vector a text. */
  GRAPH
}
