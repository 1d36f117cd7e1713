package io.ratatoskr.onnx;

import java.util.Locale;

/** The outcome of one input: a text, or a pair of texts. */
public sealed interface ItemResult {

  /**
   * The model's answer.
   *
   * @param output the embedding of a text, or the logits of a pair; the receiver owns the array
   * @param tokens how many tokens the input has, special tokens included
   * @param usedTokens how many went into the output; of a split text the sum over its parts
   * @param truncated whether some of it was cut off
   */
  record Inferred(
      @SuppressWarnings("ArrayRecordComponent") // One copy fewer; compared nowhere.
          float[] output,
      int tokens,
      int usedTokens,
      boolean truncated)
      implements ItemResult {}

  /** The input has no output, for this reason. */
  sealed interface NotInferred extends ItemResult {}

  /**
   * The input was refused: it has more tokens than the model takes.
   *
   * @param limit most tokens, special tokens included
   * @param tokens tokens of this input
   */
  record TooLong(int limit, int tokens) implements NotInferred {}

  /** The inference of this input failed, alone and not because of a neighbour in its batch. */
  sealed interface Failed extends NotInferred {
    /** The reason, for a person to read. */
    String message();
  }

  /**
   * There was not enough memory, even with this input alone.
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

  /** The output has an element that is not a finite number. */
  record NotANumber() implements Failed {
    @Override
    public String message() {
      return "The model's output for this input is not a finite number.";
    }
  }

  /**
   * There is nothing but white space, or the tokenizer finds no token in it.
   *
   * @param part the part of the input without content
   */
  record NoTokens(Part part) implements Failed {
    /** Parts of inputs: a text is one, a pair has two. */
    public enum Part {
      TEXT,
      PREMISE,
      HYPOTHESIS
    }

    @Override
    public String message() {
      return "The %s is empty.".formatted(part.name().toLowerCase(Locale.ROOT));
    }
  }
}
