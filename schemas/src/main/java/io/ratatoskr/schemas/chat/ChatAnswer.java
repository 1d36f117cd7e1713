package io.ratatoskr.schemas.chat;

import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.ChatReply;
import io.ratatoskr.schemas.wire.GenerateReply;
import java.util.List;
import java.util.Optional;

/**
 * The whole answer of a model to a {@link ChatInput} or a {@link GenerateInput}.
 *
 * @param model id of the model that answered
 * @param content the answer in parts; empty where the model only called tools
 * @param reasoning reasoning that it showed; empty where it showed none
 * @param toolCalls tools that it wants called, in its order
 * @param finishReason why the answer ended
 * @param usage tokens that it took
 * @param continuation what its provider wants to see again when the conversation goes on, such as
 *     signed reasoning; opaque, empty where there is none
 */
public record ChatAnswer(
    String model,
    List<Content> content,
    String reasoning,
    List<ToolCall> toolCalls,
    FinishReason finishReason,
    TokenUsage usage,
    String continuation) {

  public ChatAnswer {
    content = List.copyOf(content);
    toolCalls = List.copyOf(toolCalls);
  }

  /** The text of the answer. */
  public String text() {
    return TextContent.of(content);
  }

  /**
   * The answer as a message of the conversation that goes on after it.
   *
   * @throws IllegalArgumentException if it holds neither content nor tool calls
   */
  public ChatMessage.AssistantMessage message() {
    return new ChatMessage.AssistantMessage(content, toolCalls, Optional.empty(), continuation);
  }

  /** The answer to a chat, as it travels. */
  public ChatReply toWire() {
    return new ChatReply(
        model,
        WireMessages.partsToWire(content),
        reasoning,
        toolCalls.stream().map(WireTools::toWire).toList(),
        finishReason,
        WireEvents.toWire(usage),
        continuation);
  }

  /** The answer to a generation, as it travels; it has no tool calls and no continuation. */
  public GenerateReply toGenerateReply() {
    return new GenerateReply(model, text(), reasoning, finishReason, WireEvents.toWire(usage));
  }

  /**
   * The answer that a record holds.
   *
   * @throws UndecodableRecordException if it holds what no worker writes; the message says what
   */
  public static ChatAnswer ofWire(ChatReply record) {
    try {
      return new ChatAnswer(
          record.getModel(),
          WireMessages.partsOfWire(record.getContent()),
          record.getReasoning(),
          record.getToolCalls().stream().map(WireTools::ofWire).toList(),
          record.getFinishReason(),
          WireEvents.ofWire(record.getUsage()),
          record.getContinuation());
    } catch (IllegalArgumentException e) {
      throw new UndecodableRecordException("this is no chat reply: " + e.getMessage(), e);
    }
  }

  /**
   * The answer that a record holds.
   *
   * @throws UndecodableRecordException if it holds what no worker writes; the message says what
   */
  public static ChatAnswer ofWire(GenerateReply record) {
    try {
      return new ChatAnswer(
          record.getModel(),
          TextContent.ofAnswer(record.getText()),
          record.getReasoning(),
          List.of(),
          record.getFinishReason(),
          WireEvents.ofWire(record.getUsage()),
          "");
    } catch (IllegalArgumentException e) {
      throw new UndecodableRecordException("this is no generate reply: " + e.getMessage(), e);
    }
  }
}
