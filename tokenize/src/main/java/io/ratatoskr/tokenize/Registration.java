package io.ratatoskr.tokenize;

/** The registration of a name. */
sealed interface Registration {
  /** The name has a tokenizer of its own. */
  record Own(Loaded tokenizer) implements Registration {}

  /** The name is another one for the same tokenizer. */
  record Alias(String of) implements Registration {}

  /** Another tokenizer stands in. */
  record Approximation(String by, String note) implements Registration {}
}
