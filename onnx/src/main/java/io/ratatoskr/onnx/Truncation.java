package io.ratatoskr.onnx;

/** What becomes of a text with more tokens than the model takes. */
public enum Truncation {
  /** It is refused: {@link ItemResult.TooLong}. */
  ERROR,
  /** Its end is cut off, the special tokens at both ends stay, and the result says so. */
  TRUNCATE,
  /**
   * It is split into parts of nearly equal length, each with the special tokens; the result is the
   * mean of the parts' vectors weighted by their tokens (special tokens not counted).
   */
  CHUNK_MEAN
}
