package io.ratatoskr.schemas.chat;

import io.ratatoskr.schemas.Location;

/**
 * What a stream brings, in order: {@link Started}, then pieces of reasoning, content and tool
 * calls, {@link Usage} where the provider says it, and {@link Done}. Where an attempt is lost
 * {@link AttemptAborted} comes in between, and everything begins anew.
 */
public sealed interface ChatEvent {

  /**
   * A provider is asked.
   *
   * @param provider provider or engine, such as {@code ollama}
   * @param model id of the model
   * @param location whether the data leaves this deployment
   * @param reason why this model and provider were chosen
   */
  record Started(String provider, String model, Location location, String reason)
      implements ChatEvent {}

  /**
   * A further piece of the answer.
   *
   * @param text not the whole, the piece; never splits a character
   */
  record Content(String text) implements ChatEvent {}

  /**
   * A further piece of the reasoning.
   *
   * @param text not the whole, the piece; never splits a character
   */
  record Reasoning(String text) implements ChatEvent {}

  /**
   * The model begins to call a tool.
   *
   * @param index number of the call within the answer, from 0 without gaps
   * @param id of the call
   * @param name of the tool
   */
  record ToolCallStart(int index, String id, String name) implements ChatEvent {}

  /**
   * A further piece of the arguments of a call.
   *
   * @param index number of a call that has started and not ended
   * @param arguments the piece of their JSON text
   */
  record ToolCallDelta(int index, String arguments) implements ChatEvent {}

  /**
   * The arguments of a call are complete.
   *
   * @param index number of a call that has started and not ended
   */
  record ToolCallEnd(int index) implements ChatEvent {}

  /**
   * Tokens so far; of several the last counts.
   *
   * @param tokens of the whole answer so far
   */
  record Usage(TokenUsage tokens) implements ChatEvent {}

  /**
   * What came before is void: its execution was lost, and another one starts from the beginning.
   *
   * @param execution id of the run that was lost
   * @param reason what happened to it; never holds a secret
   */
  record AttemptAborted(String execution, String reason) implements ChatEvent {}

  /**
   * The answer is complete.
   *
   * @param finishReason why it ended
   * @param continuation see {@link ChatAnswer#continuation}
   */
  record Done(FinishReason finishReason, String continuation) implements ChatEvent {}
}
