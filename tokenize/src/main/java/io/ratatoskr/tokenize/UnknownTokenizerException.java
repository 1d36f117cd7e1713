package io.ratatoskr.tokenize;

import java.util.List;

/** No tokenizer is registered for a model; the message names those there are. */
public final class UnknownTokenizerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String model;

  UnknownTokenizerException(String model, List<String> known) {
    super(
        "No tokenizer is known for the model \"%s\"; there are %s, and every name that begins with one of them. Any other comes from its tokenizer.json."
            .formatted(model, String.join(", ", known)));
    this.model = model;
  }

  /** The name that was asked for. */
  public String model() {
    return model;
  }
}
