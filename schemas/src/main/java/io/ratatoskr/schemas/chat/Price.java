package io.ratatoskr.schemas.chat;

import java.util.OptionalDouble;

/**
 * The price of a model.
 *
 * @param prompt US dollars for a million tokens of the prompt; not negative
 * @param completion US dollars for a million tokens of the answer; not negative
 */
public record Price(double prompt, double completion) {
  private static final double MILLION = 1e6;

  public Price {
    if (!(prompt >= 0) || !(completion >= 0)) {
      throw new IllegalArgumentException(
          "price: must not be negative, is " + prompt + " and " + completion);
    }
  }

  /** US dollars of an answer, where its provider said both counts of tokens. */
  public OptionalDouble of(TokenUsage usage) {
    return usage.promptTokens().isPresent() && usage.completionTokens().isPresent()
        ? OptionalDouble.of(
            ((double) usage.promptTokens().getAsLong() * prompt
                    + (double) usage.completionTokens().getAsLong() * completion)
                / MILLION)
        : OptionalDouble.empty();
  }
}
