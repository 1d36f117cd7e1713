package io.ratatoskr.schemas.chat;

import io.ratatoskr.schemas.wire.AssistantMessage;
import io.ratatoskr.schemas.wire.SystemMessage;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.schemas.wire.ToolMessage;
import io.ratatoskr.schemas.wire.UserMessage;
import java.util.List;
import java.util.Optional;

/** Messages as records and back. */
final class WireMessages {
  private WireMessages() {}

  static List<Object> partsToWire(List<Content> parts) {
    return parts.stream().<Object>map(part -> new Text(((TextContent) part).text())).toList();
  }

  static List<Content> partsOfWire(List<Object> parts) {
    return parts.stream().<Content>map(part -> new TextContent(((Text) part).getText())).toList();
  }

  static Object toWire(ChatMessage message) {
    if (message instanceof ChatMessage.SystemMessage system) {
      return new SystemMessage(partsToWire(system.content()), system.name().orElse(null));
    }
    if (message instanceof ChatMessage.UserMessage user) {
      return new UserMessage(partsToWire(user.content()), user.name().orElse(null));
    }
    if (message instanceof ChatMessage.AssistantMessage assistant) {
      return new AssistantMessage(
          partsToWire(assistant.content()),
          assistant.toolCalls().stream().map(WireTools::toWire).toList(),
          assistant.name().orElse(null),
          assistant.continuation());
    }
    return new ToolMessage(
        ((ChatMessage.ToolMessage) message).callId(), partsToWire(message.content()));
  }

  /** The message that a branch of the union holds. */
  static ChatMessage ofWire(Object message) {
    if (message instanceof SystemMessage system) {
      return new ChatMessage.SystemMessage(
          partsOfWire(system.getContent()), Optional.ofNullable(system.getName()));
    }
    if (message instanceof UserMessage user) {
      return new ChatMessage.UserMessage(
          partsOfWire(user.getContent()), Optional.ofNullable(user.getName()));
    }
    if (message instanceof AssistantMessage assistant) {
      return new ChatMessage.AssistantMessage(
          partsOfWire(assistant.getContent()),
          assistant.getToolCalls().stream().map(WireTools::ofWire).toList(),
          Optional.ofNullable(assistant.getName()),
          assistant.getContinuation());
    }
    ToolMessage tool = (ToolMessage) message;
    return new ChatMessage.ToolMessage(tool.getCallId(), partsOfWire(tool.getContent()));
  }
}
