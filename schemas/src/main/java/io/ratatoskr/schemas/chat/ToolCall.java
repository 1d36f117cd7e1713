package io.ratatoskr.schemas.chat;

/**
 * A call of a tool that the model asks for.
 *
 * @param id names the call within its conversation; {@link ChatMessage.ToolMessage} refers to it
 * @param name of the tool
 * @param arguments JSON text of an object; cut off where the answer ended with {@link
 *     FinishReason#LENGTH} within it
 */
public record ToolCall(String id, String name, String arguments) {
  public ToolCall {
    if (id.isBlank()) {
      throw new IllegalArgumentException("tool call: has no id");
    }
    if (name.isBlank()) {
      throw new IllegalArgumentException("tool call: names no tool");
    }
  }
}
