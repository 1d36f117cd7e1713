package io.ratatoskr.tokenize;

/** What a name stands for. */
sealed interface Registration {
  /** A tokenizer of its own. */
  record Own(Loaded tokenizer) implements Registration {}

  /** Another name of the same tokenizer. */
  record Alias(String of) implements Registration {}

  /** Another tokenizer, which stands in. */
  record Approximation(String by, String note) implements Registration {}
}
