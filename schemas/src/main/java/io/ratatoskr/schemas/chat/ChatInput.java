package io.ratatoskr.schemas.chat;

import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.ChatRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a model is asked in a chat: for the next message of a conversation.
 *
 * @param messages the conversation so far, oldest first; at least one, and the result of a tool
 *     only after a message that calls it
 * @param tools tools that the model may call, each name once
 * @param toolChoice whether it calls one, or which it must call
 * @param options how it samples and shapes its answer
 */
public record ChatInput(
    List<ChatMessage> messages,
    List<ToolDefinition> tools,
    ToolChoice toolChoice,
    ChatOptions options) {

  public ChatInput {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("messages: at least one");
    }
    checkResults(messages);
    checkTools(tools, toolChoice);
  }

  /** A conversation without tools. */
  public static ChatInput of(List<ChatMessage> messages, ChatOptions options) {
    return new ChatInput(messages, List.of(), ToolChoice.auto(), options);
  }

  /** This input, with those options where it leaves them out. */
  public ChatInput withDefaults(ChatOptions defaults) {
    return new ChatInput(messages, tools, toolChoice, options.or(defaults));
  }

  private static void checkResults(List<ChatMessage> messages) {
    Set<String> called = new HashSet<>();
    for (ChatMessage message : messages) {
      if (message instanceof ChatMessage.AssistantMessage assistant) {
        assistant.toolCalls().forEach(call -> called.add(call.id()));
      } else if (message instanceof ChatMessage.ToolMessage tool
          && !called.contains(tool.callId())) {
        throw new IllegalArgumentException(
            "messages: no assistant's message before it makes the tool call '%s'"
                .formatted(tool.callId()));
      }
    }
  }

  private static void checkTools(List<ToolDefinition> tools, ToolChoice choice) {
    Set<String> names = new HashSet<>();
    for (ToolDefinition tool : tools) {
      if (!names.add(tool.name())) {
        throw new IllegalArgumentException("tools: '" + tool.name() + "' is there twice");
      }
    }
    if (choice instanceof ToolChoice.Required && names.isEmpty()) {
      throw new IllegalArgumentException("tool_choice: required, but there are no tools");
    }
    if (choice instanceof ToolChoice.Named named && !names.contains(named.name())) {
      throw new IllegalArgumentException(
          "tool_choice: there is no tool '" + named.name() + "' in tools");
    }
  }

  /** The input as it travels. */
  public ChatRequest toWire() {
    return new ChatRequest(
        messages.stream().map(WireMessages::toWire).toList(),
        tools.stream().map(WireTools::toWire).toList(),
        WireTools.toWire(toolChoice),
        WireOptions.toWire(options));
  }

  /**
   * The input that a record holds.
   *
   * @throws UndecodableRecordException if it holds what no client writes; the message says what
   */
  public static ChatInput ofWire(ChatRequest record) {
    try {
      return new ChatInput(
          record.getMessages().stream().map(WireMessages::ofWire).toList(),
          record.getTools().stream().map(WireTools::ofWire).toList(),
          WireTools.choiceOfWire(record.getToolChoice()),
          WireOptions.ofWire(record.getOptions()));
    } catch (IllegalArgumentException e) {
      throw new UndecodableRecordException("this is no chat request: " + e.getMessage(), e);
    }
  }
}
