package io.ratatoskr.schemas.chat;

import java.util.List;
import java.util.Optional;

/** A message of a conversation. */
public sealed interface ChatMessage {

  /** What it says, in parts. */
  List<Content> content();

  /** The text of all parts, one after another. */
  default String text() {
    return TextContent.of(content());
  }

  /**
   * Instructions that stand above the conversation.
   *
   * @param content at least one part
   * @param name of the speaker, where there are several of a role
   */
  record SystemMessage(List<Content> content, Optional<String> name) implements ChatMessage {
    public SystemMessage {
      content = parts("system", content);
      spoken("system", name);
    }
  }

  /**
   * What the user says.
   *
   * @param content at least one part
   * @param name of the speaker, where there are several of a role
   */
  record UserMessage(List<Content> content, Optional<String> name) implements ChatMessage {
    public UserMessage {
      content = parts("user", content);
      spoken("user", name);
    }
  }

  /**
   * What the model said in an earlier turn; {@link ChatAnswer#message} makes one of an answer.
   *
   * @param content empty where it only called tools
   * @param toolCalls tools that it called, in its order, each id once
   * @param name of the speaker, where there are several of a role
   * @param continuation that of the answer, see {@link ChatAnswer#continuation}; empty where it had
   *     none
   */
  record AssistantMessage(
      List<Content> content, List<ToolCall> toolCalls, Optional<String> name, String continuation)
      implements ChatMessage {
    public AssistantMessage {
      content = List.copyOf(content);
      toolCalls = List.copyOf(toolCalls);
      spoken("assistant", name);
      if (content.isEmpty() && toolCalls.isEmpty()) {
        throw new IllegalArgumentException("assistant: has neither content nor tool calls");
      }
      if (toolCalls.stream().map(ToolCall::id).distinct().count() < toolCalls.size()) {
        throw new IllegalArgumentException("assistant: two tool calls have the same id");
      }
    }
  }

  /**
   * The result of a tool that the model called.
   *
   * @param callId id of the call, as in the message of the assistant
   * @param content the result; at least one part, whose text may be empty
   */
  record ToolMessage(String callId, List<Content> content) implements ChatMessage {
    public ToolMessage {
      content = parts("tool", content);
      if (callId.isBlank()) {
        throw new IllegalArgumentException("tool: names no call");
      }
    }
  }

  /** Instructions that stand above the conversation. */
  static ChatMessage system(String text) {
    return new SystemMessage(List.of(new TextContent(text)), Optional.empty());
  }

  /** What the user says. */
  static ChatMessage user(String text) {
    return new UserMessage(List.of(new TextContent(text)), Optional.empty());
  }

  /** What the model said in an earlier turn. */
  static ChatMessage assistant(String text) {
    return new AssistantMessage(List.of(new TextContent(text)), List.of(), Optional.empty(), "");
  }

  /** The result of a tool that the model called. */
  static ChatMessage tool(String callId, String result) {
    return new ToolMessage(callId, List.of(new TextContent(result)));
  }

  private static List<Content> parts(String role, List<Content> content) {
    if (content.isEmpty()) {
      throw new IllegalArgumentException(role + ": has no content");
    }
    return List.copyOf(content);
  }

  private static void spoken(String role, Optional<String> name) {
    if (name.filter(String::isBlank).isPresent()) {
      throw new IllegalArgumentException(role + ": the speaker's name is empty");
    }
  }
}
