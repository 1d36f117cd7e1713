package io.ratatoskr.client;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.chat.ChatInput;
import io.ratatoskr.schemas.chat.ChatMessage;
import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.chat.ToolChoice;
import io.ratatoskr.schemas.chat.ToolDefinition;
import java.util.ArrayList;
import java.util.List;

/**
 * A conversation, whose next message a model shall write.
 *
 * @param model id of the model
 * @param input messages, tools and how the model samples
 * @param options how the request travels; the defaults of {@link #of} wait ten minutes
 */
public record ChatRequest(String model, ChatInput input, RequestOptions options)
    implements ChatCall<ChatReply> {

  public ChatRequest {
    ChatCall.check(model, input.options(), options);
  }

  /** One message of the user. */
  public static ChatRequest of(String model, String text) {
    return of(model, List.of(ChatMessage.user(text)));
  }

  /** A conversation, oldest message first. */
  public static ChatRequest of(String model, List<ChatMessage> messages) {
    return new ChatRequest(
        model, ChatInput.of(messages, ChatOptions.defaults()), ChatCall.defaults());
  }

  /** With instructions before all messages. */
  public ChatRequest withSystem(String text) {
    List<ChatMessage> messages = new ArrayList<>();
    messages.add(ChatMessage.system(text));
    messages.addAll(input.messages());
    return new ChatRequest(
        model,
        new ChatInput(messages, input.tools(), input.toolChoice(), input.options()),
        options);
  }

  /** With tools that the model may call. */
  public ChatRequest withTools(List<ToolDefinition> tools) {
    return withTools(tools, ToolChoice.auto());
  }

  /** With tools, and which of them the model shall call. */
  public ChatRequest withTools(List<ToolDefinition> tools, ToolChoice choice) {
    return new ChatRequest(
        model, new ChatInput(input.messages(), tools, choice, input.options()), options);
  }

  /** With other ways of sampling. */
  public ChatRequest withChatOptions(ChatOptions newOptions) {
    return new ChatRequest(
        model,
        new ChatInput(input.messages(), input.tools(), input.toolChoice(), newOptions),
        options);
  }

  public ChatRequest withOptions(RequestOptions newOptions) {
    return new ChatRequest(model, input, newOptions);
  }

  @Override
  public Capability capability() {
    return Capability.CHAT;
  }
}
