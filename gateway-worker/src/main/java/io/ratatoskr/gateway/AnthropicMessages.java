package io.ratatoskr.gateway;

import io.ratatoskr.schemas.chat.ChatMessage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A conversation in Anthropic's form: content in blocks, and the results of tools as blocks of the
 * user's next message, all of one turn in one message.
 */
final class AnthropicMessages {
  private final ArrayNode messages;
  private @Nullable ArrayNode results;

  AnthropicMessages(ArrayNode messages) {
    this.messages = messages;
  }

  void add(ChatMessage message) {
    switch (message) {
      case ChatMessage.SystemMessage system -> {
        // Stands apart.
      }
      case ChatMessage.UserMessage user -> {
        ArrayNode blocks = results == null ? blocks("user") : results;
        results = null;
        text(blocks, user.text());
      }
      case ChatMessage.AssistantMessage assistant -> {
        results = null;
        assistant(assistant);
      }
      case ChatMessage.ToolMessage tool -> {
        ArrayNode blocks = results == null ? blocks("user") : results;
        results = blocks;
        blocks
            .addObject()
            .put("type", "tool_result")
            .put("tool_use_id", tool.callId())
            .put("content", tool.text());
      }
    }
  }

  private ArrayNode blocks(String role) {
    return messages.addObject().put("role", role).putArray("content");
  }

  private static void text(ArrayNode blocks, String text) {
    if (!text.isEmpty()) {
      blocks.addObject().put("type", "text").put("text", text);
    }
  }

  /** Signed thinking first, which the API wants back unchanged where tools are used. */
  private void assistant(ChatMessage.AssistantMessage message) {
    ArrayNode blocks = blocks("assistant");
    Continuation.ANTHROPIC
        .read(message.continuation())
        .ifPresent(thinking -> thinking.node().forEach(blocks::add));
    text(blocks, message.text());
    message
        .toolCalls()
        .forEach(call -> {
          ObjectNode use =
              blocks
                  .addObject()
                  .put("type", "tool_use")
                  .put("id", call.id())
                  .put("name", call.name());
          use.set(
              "input",
              Document.tryParse(call.arguments())
                  .filter(Document::isObject)
                  .map(Document::node)
                  .orElseGet(Document::object));
        });
  }
}
