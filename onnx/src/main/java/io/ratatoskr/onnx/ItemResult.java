package io.ratatoskr.onnx;

/** What became of one text. */
public sealed interface ItemResult {

  /**
   * A vector.
   *
   * @param vector the embedding; the receiver owns the array
   * @param tokens how many tokens the text has, special tokens included
   * @param usedTokens how many went into the vector; of a split text the sum over its parts
   * @param truncated whether the end of the text was cut off
   */
  record Embedded(
      @SuppressWarnings("ArrayRecordComponent") // One copy fewer; compared nowhere.
          float[] vector,
      int tokens,
      int usedTokens,
      boolean truncated)
      implements ItemResult {}

  /**
   * Refused: more tokens than the model takes.
   *
   * @param limit most tokens, special tokens included
   * @param tokens tokens of this text
   */
  record TooLong(int limit, int tokens) implements ItemResult {}

  /** The inference of this text failed, alone and not because of a neighbour in its batch. */
  sealed interface Failed extends ItemResult {
    /** What went wrong, for a person to read. */
    String message();
  }

  /**
   * Not enough memory, even with this text alone.
   *
   * @param message the allocator's words
   */
  record OutOfMemory(String message) implements Failed {}

  /**
   * The runtime reported an error.
   *
   * @param message the runtime's words
   */
  record Native(String message) implements Failed {}

  /** The vector has an element that is not a finite number. */
  record NotANumber() implements Failed {
    @Override
    public String message() {
      return "The model's output for this text is not a finite number.";
    }
  }

  /** The text has no token at all. */
  record NoTokens() implements Failed {
    @Override
    public String message() {
      return "The tokenizer finds no token in this text.";
    }
  }
}
