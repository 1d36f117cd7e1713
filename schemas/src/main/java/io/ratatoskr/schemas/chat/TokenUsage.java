package io.ratatoskr.schemas.chat;

import java.util.OptionalLong;

/**
 * Tokens that an answer took, as its provider counts them; none is negative. What is absent it did
 * not say.
 *
 * @param promptTokens of the request, those from a prompt cache included
 * @param completionTokens of the answer, those of reasoning included
 * @param reasoningTokens of reasoning
 * @param cachedTokens of the request, held by the provider's prompt cache
 */
public record TokenUsage(
    OptionalLong promptTokens,
    OptionalLong completionTokens,
    OptionalLong reasoningTokens,
    OptionalLong cachedTokens) {

  private static final TokenUsage UNKNOWN =
      new TokenUsage(
          OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

  public TokenUsage {
    notNegative("prompt_tokens", promptTokens);
    notNegative("completion_tokens", completionTokens);
    notNegative("reasoning_tokens", reasoningTokens);
    notNegative("cached_tokens", cachedTokens);
  }

  private static void notNegative(String key, OptionalLong tokens) {
    if (tokens.isPresent() && tokens.getAsLong() < 0) {
      throw new IllegalArgumentException(key + ": is negative: " + tokens.getAsLong());
    }
  }

  /** Nothing was said. */
  public static TokenUsage unknown() {
    return UNKNOWN;
  }

  /** Tokens of a request whose answer is no text. */
  public static TokenUsage ofPrompt(long tokens) {
    return of(tokens, 0);
  }

  /** Tokens of a request and of its answer. */
  public static TokenUsage of(long prompt, long completion) {
    return new TokenUsage(
        OptionalLong.of(prompt),
        OptionalLong.of(completion),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /** The counts that a record holds. */
  public static TokenUsage ofWire(io.ratatoskr.schemas.wire.TokenUsage wire) {
    return WireEvents.ofWire(wire);
  }

  /** The counts as a record holds them. */
  public io.ratatoskr.schemas.wire.TokenUsage toWire() {
    return WireEvents.toWire(this);
  }

  /** Tokens of request and answer, where both were said. */
  public OptionalLong totalTokens() {
    return promptTokens.isPresent() && completionTokens.isPresent()
        ? OptionalLong.of(promptTokens.getAsLong() + completionTokens.getAsLong())
        : OptionalLong.empty();
  }
}
