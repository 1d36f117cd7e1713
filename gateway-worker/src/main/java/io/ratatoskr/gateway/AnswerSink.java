package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.chat.ChatAnswer;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.ChatReducer;
import io.ratatoskr.schemas.chat.FinishReason;
import io.ratatoskr.schemas.chat.ToolCall;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Passes the events of one call on, keeps what they add up to, and refuses answers that are none:
 * empty ones, arguments that are no JSON, and more text than a reply holds.
 */
final class AnswerSink {
  private final Consumer<ChatEvent> to;
  private final boolean withoutReasoning;
  private final ChatReducer reducer = new ChatReducer();
  private final Set<Integer> withoutArguments = new HashSet<>();
  private final Set<String> ids = new HashSet<>();
  private long characters;

  /**
   * A sink for one call.
   *
   * @param withoutReasoning whether reasoning is kept out of the answer
   */
  AnswerSink(Consumer<ChatEvent> to, boolean withoutReasoning) {
    this.to = to;
    this.withoutReasoning = withoutReasoning;
  }

  void content(String text) throws ProviderFailure {
    if (!text.isEmpty()) {
      grow(text);
      pass(new ChatEvent.Content(text));
    }
  }

  void reasoning(String text) throws ProviderFailure {
    if (!text.isEmpty() && !withoutReasoning) {
      grow(text);
      pass(new ChatEvent.Reasoning(text));
    }
  }

  /** Begins a call; one without an id, or with another one's, gets an id of our own. */
  void toolCallStart(int index, String id, String name) throws ProviderFailure {
    if (name.isBlank()) {
      throw new ProviderFailure(InferenceError.json("The model called a tool without a name."));
    }
    withoutArguments.add(index);
    String own = id.isBlank() || !ids.add(id) ? "call_" + UUID.randomUUID() : id;
    pass(new ChatEvent.ToolCallStart(index, own, name));
  }

  void toolCallDelta(int index, String arguments) throws ProviderFailure {
    if (!arguments.isEmpty()) {
      grow(arguments);
      withoutArguments.remove(index);
      pass(new ChatEvent.ToolCallDelta(index, arguments));
    }
  }

  /** Ends a call; one without arguments has an empty object. */
  void toolCallEnd(int index) throws ProviderFailure {
    if (withoutArguments.remove(index)) {
      pass(new ChatEvent.ToolCallDelta(index, "{}"));
    }
    pass(new ChatEvent.ToolCallEnd(index));
  }

  /**
   * Takes an event that carries no text of the answer.
   *
   * @throws ProviderFailure with {@code Json} if it cannot follow those before
   */
  void pass(ChatEvent event) throws ProviderFailure {
    try {
      reducer.add(event);
    } catch (IllegalArgumentException e) {
      throw new ProviderFailure(
          InferenceError.json("The provider's answer is out of order: " + e.getMessage()));
    }
    to.accept(event);
  }

  private void grow(String text) throws ProviderFailure {
    characters += text.length();
    if (characters > Limits.REPLY_BYTES) {
      throw new ProviderFailure(
          InferenceError.tooLargeReply(characters, "ask for less, such as by max_tokens"));
    }
  }

  /**
   * Ends the answer, once it was found to be one.
   *
   * @throws ProviderFailure if it is none
   */
  void done(FinishReason reason, String continuation) throws ProviderFailure {
    List<ToolCall> calls = reducer.toolCalls();
    FinishReason finish =
        reason == FinishReason.STOP && !calls.isEmpty() ? FinishReason.TOOL_CALLS : reason;
    if (reducer.text().isEmpty() && calls.isEmpty()) {
      checkEmpty(finish);
    }
    if (finish != FinishReason.LENGTH) {
      for (ToolCall call : calls) {
        checkArguments(call);
      }
    }
    pass(new ChatEvent.Done(finish, continuation));
  }

  private static void checkEmpty(FinishReason reason) throws ProviderFailure {
    switch (reason) {
      case CONTENT_FILTER ->
          throw new ProviderFailure(
              InferenceError.contentFiltered("The provider's filter held the answer back."));
      case LENGTH -> {
        // Reasoning used up what was allowed.
      }
      case STOP, TOOL_CALLS, OTHER ->
          throw new ProviderFailure(
              InferenceError.emptyResponse("The model answered with nothing."));
    }
  }

  private static void checkArguments(ToolCall call) throws ProviderFailure {
    if (Document.tryParse(call.arguments()).filter(Document::isObject).isEmpty()) {
      throw new ProviderFailure(
          InferenceError.json(
              "The arguments of the model's call of tool '%s' are no JSON object."
                  .formatted(call.name())));
    }
  }

  /** Whether anything but the start was passed on. */
  boolean begun() {
    return characters > 0;
  }

  /** The answer, once it was ended. */
  Optional<ChatAnswer> answer() {
    return reducer.answer();
  }
}
