package io.ratatoskr.schemas.chat;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a model reasons before it answers. What is absent is left to the model.
 *
 * @param effort how much it reasons
 * @param maxTokens most tokens of reasoning; positive
 * @param exclude whether the reasoning is kept out of the answer
 */
public record ReasoningOptions(
    Optional<ReasoningEffort> effort, OptionalInt maxTokens, boolean exclude) {

  public ReasoningOptions {
    if (maxTokens.isPresent() && maxTokens.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "reasoning.max_tokens: must be positive, is " + maxTokens.getAsInt());
    }
    if (effort.filter(ReasoningEffort.NONE::equals).isPresent() && maxTokens.isPresent()) {
      throw new IllegalArgumentException(
          "reasoning.max_tokens: leave it out where reasoning.effort is none");
    }
  }

  /** An effort, the reasoning shown. */
  public static ReasoningOptions of(ReasoningEffort effort) {
    return new ReasoningOptions(Optional.of(effort), OptionalInt.empty(), false);
  }

  /** A bound in tokens, the reasoning shown. */
  public static ReasoningOptions ofTokens(int most) {
    return new ReasoningOptions(Optional.empty(), OptionalInt.of(most), false);
  }

  /** Whether the model is told not to reason. */
  public boolean off() {
    return effort.filter(ReasoningEffort.NONE::equals).isPresent();
  }
}
