package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.chat.ChatAnswer;

/** What became of a call. */
public sealed interface ProviderOutcome {

  /**
   * The provider answered.
   *
   * @param answer what the events of the call add up to
   * @param revision the model as the provider names it, such as with the date of its release; empty
   *     where it says nothing
   */
  record Answered(ChatAnswer answer, String revision) implements ProviderOutcome {}

  /**
   * It did not.
   *
   * @param error why; where it is transient, another attempt may succeed, after its {@link
   *     InferenceError#retryAfter} if there is one. {@link
   *     io.ratatoskr.schemas.ErrorCode#CANCELLED} where the call was cancelled
   */
  record Failed(InferenceError error) implements ProviderOutcome {}
}
