package io.ratatoskr.onnx;

/** What becomes of a pair with more tokens than the model takes. */
public enum PairTruncation {
  /** It is refused: {@link ItemResult.TooLong}. */
  ERROR,
  /**
   * The end of the longer text is cut off until the pair fits; where both are longer than half of
   * the room, both to half of it. The special tokens stay, and the result says so.
   */
  LONGEST_FIRST
}
