package io.ratatoskr.onnx;

/** What a text is for: asymmetric models are trained with a different prefix for each. */
public enum InputType {
  /** A text to search with. */
  QUERY,
  /** A text to be found. */
  DOCUMENT
}
