package io.ratatoskr.schemas.chat;

import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.GenerateRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a model is asked in a generation: to answer or continue a prompt.
 *
 * @param prompt not empty
 * @param system instructions that stand above the prompt
 * @param options how it samples and shapes its answer; {@code parallel_tool_calls} has no place
 *     here
 */
public record GenerateInput(String prompt, Optional<String> system, ChatOptions options) {
  public GenerateInput {
    if (prompt.isEmpty()) {
      throw new IllegalArgumentException("prompt: is empty");
    }
    if (options.parallelToolCalls().isPresent()) {
      throw new IllegalArgumentException("parallel_tool_calls: there are no tools in a generation");
    }
  }

  /** The same as a conversation, for models that know only those. */
  public ChatInput asChat() {
    List<ChatMessage> messages = new ArrayList<>();
    system.ifPresent(text -> messages.add(ChatMessage.system(text)));
    messages.add(ChatMessage.user(prompt));
    return ChatInput.of(messages, options);
  }

  /** The input as it travels. */
  public GenerateRequest toWire() {
    return new GenerateRequest(prompt, system.orElse(null), WireOptions.toWire(options));
  }

  /**
   * The input that a record holds.
   *
   * @throws UndecodableRecordException if it holds what no client writes; the message says what
   */
  public static GenerateInput ofWire(GenerateRequest record) {
    try {
      return new GenerateInput(
          record.getPrompt(),
          Optional.ofNullable(record.getSystem()),
          WireOptions.ofWire(record.getOptions()));
    } catch (IllegalArgumentException e) {
      throw new UndecodableRecordException("this is no generate request: " + e.getMessage(), e);
    }
  }
}
