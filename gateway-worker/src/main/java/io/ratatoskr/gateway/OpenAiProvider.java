package io.ratatoskr.gateway;

import io.ratatoskr.schemas.chat.ChatMessage;
import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.chat.ChatParameter;
import io.ratatoskr.schemas.chat.ReasoningOptions;
import io.ratatoskr.schemas.chat.ResponseFormat;
import io.ratatoskr.schemas.chat.ToolChoice;
import io.ratatoskr.schemas.chat.ToolDefinition;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Chat completions of OpenAI and of the servers that are compatible with it. */
final class OpenAiProvider implements Provider {
  private final ProviderConfig config;
  private final OpenAiDialect dialect;

  OpenAiProvider(ProviderConfig config) {
    this.config = config;
    this.dialect = OpenAiDialect.of(config.baseUrl());
  }

  @Override
  public Set<ChatParameter> parameters() {
    return dialect.parameters();
  }

  /** A base URL that names only a server means its usual path. */
  @Override
  public String chatPath() {
    return versioned("/chat/completions");
  }

  @Override
  public Optional<Embedding> embedding() {
    return Optional.of(new Embedding(versioned("/embeddings"), EmbeddingDialect.OPENAI));
  }

  private String versioned(String path) {
    String base = config.baseUrl().getPath();
    return base == null || base.isEmpty() || base.equals("/") ? "/v1" + path : path;
  }

  @Override
  public Framing streaming() {
    return Framing.SSE;
  }

  @Override
  public AnswerReader reader() {
    return new OpenAiAnswer(config.name());
  }

  @Override
  public Map<String, String> headers() {
    return Map.of();
  }

  @Override
  public AuthHeader auth() {
    return AuthHeader.BEARER;
  }

  @Override
  public ObjectNode body(ProviderRequest request) throws ProviderFailure {
    ObjectNode body = Document.object();
    body.put("model", request.model());
    ArrayNode messages = body.putArray("messages");
    for (ChatMessage message : request.input().messages()) {
      messages.add(message(message));
    }
    body.put("stream", request.stream());
    if (request.stream()) {
      body.putObject("stream_options").put("include_usage", true);
    }
    tools(body, request.input().tools(), request.input().toolChoice());
    options(body, request);
    return body;
  }

  private static ObjectNode message(ChatMessage message) {
    ObjectNode node = Document.object();
    switch (message) {
      case ChatMessage.SystemMessage system -> {
        node.put("role", "system").put("content", system.text());
        system.name().ifPresent(name -> node.put("name", name));
      }
      case ChatMessage.UserMessage user -> {
        node.put("role", "user").put("content", user.text());
        user.name().ifPresent(name -> node.put("name", name));
      }
      case ChatMessage.AssistantMessage assistant -> assistant(node, assistant);
      case ChatMessage.ToolMessage tool ->
          node.put("role", "tool").put("tool_call_id", tool.callId()).put("content", tool.text());
    }
    return node;
  }

  private static void assistant(ObjectNode node, ChatMessage.AssistantMessage message) {
    node.put("role", "assistant");
    if (message.content().isEmpty()) {
      node.putNull("content");
    } else {
      node.put("content", message.text());
    }
    message.name().ifPresent(name -> node.put("name", name));
    if (!message.toolCalls().isEmpty()) {
      ArrayNode calls = node.putArray("tool_calls");
      message
          .toolCalls()
          .forEach(call ->
              calls
                  .addObject()
                  .put("id", call.id())
                  .put("type", "function")
                  .putObject("function")
                  .put("name", call.name())
                  .put("arguments", call.arguments()));
    }
    Continuation.OPENAI
        .read(message.continuation())
        .filter(Document::isObject)
        .ifPresent(state -> Document.merge(node, state.node()));
  }

  private static void tools(ObjectNode body, List<ToolDefinition> tools, ToolChoice choice) {
    if (tools.isEmpty()) {
      return;
    }
    ArrayNode all = body.putArray("tools");
    for (ToolDefinition tool : tools) {
      ObjectNode function = all.addObject().put("type", "function").putObject("function");
      function.put("name", tool.name());
      if (!tool.description().isEmpty()) {
        function.put("description", tool.description());
      }
      function.set("parameters", Document.node(tool.parameters()));
    }
    switch (choice) {
      case ToolChoice.Auto auto -> body.put("tool_choice", "auto");
      case ToolChoice.None none -> body.put("tool_choice", "none");
      case ToolChoice.Required required -> body.put("tool_choice", "required");
      case ToolChoice.Named named ->
          body.putObject("tool_choice")
              .put("type", "function")
              .putObject("function")
              .put("name", named.name());
    }
  }

  private void options(ObjectNode body, ProviderRequest request) throws ProviderFailure {
    ChatOptions options = request.input().options();
    options.temperature().ifPresent(value -> body.put("temperature", value));
    options.topP().ifPresent(value -> body.put("top_p", value));
    options.topK().ifPresent(value -> body.put("top_k", value));
    options.maxTokens().ifPresent(value -> body.put(dialect.maxTokens(), value));
    if (!options.stop().isEmpty()) {
      ArrayNode stop = body.putArray("stop");
      options.stop().forEach(stop::add);
    }
    options.frequencyPenalty().ifPresent(value -> body.put("frequency_penalty", value));
    options.presencePenalty().ifPresent(value -> body.put("presence_penalty", value));
    options.repetitionPenalty().ifPresent(value -> body.put("repetition_penalty", value));
    options.seed().ifPresent(value -> body.put("seed", value));
    options.parallelToolCalls().ifPresent(value -> body.put("parallel_tool_calls", value));
    format(body, options.responseFormat());
    if (options.reasoning().isPresent()) {
      reasoning(body, options.reasoning().get(), request);
    }
    if (options.cachePrompt().filter(cache -> !cache).isPresent()) {
      throw Unsupported.parameter(
          config,
          request,
          "cache_prompt=false",
          "its server decides; llama.cpp takes raw_provider_options {\"cache_prompt\": false}");
    }
    options.rawProviderOptions().ifPresent(raw -> Document.merge(body, Document.node(raw)));
  }

  private static void format(ObjectNode body, ResponseFormat format) {
    switch (format) {
      case ResponseFormat.PlainText text -> {
        // The default.
      }
      case ResponseFormat.JsonObject object ->
          body.putObject("response_format").put("type", "json_object");
      case ResponseFormat.JsonSchema schema ->
          body.putObject("response_format")
              .put("type", "json_schema")
              .putObject("json_schema")
              .put("name", schema.name())
              .put("strict", schema.strict())
              .set("schema", Document.node(schema.schema()));
    }
  }

  private void reasoning(ObjectNode body, ReasoningOptions reasoning, ProviderRequest request)
      throws ProviderFailure {
    if (dialect == OpenAiDialect.OPENROUTER) {
      ObjectNode node = body.putObject("reasoning");
      reasoning.effort().ifPresent(effort -> node.put("effort", lower(effort)));
      reasoning.maxTokens().ifPresent(most -> node.put("max_tokens", most));
      if (reasoning.exclude()) {
        node.put("exclude", true);
      }
      return;
    }
    if (reasoning.maxTokens().isPresent()) {
      throw Unsupported.parameter(
          config, request, "reasoning.max_tokens", "give reasoning.effort in its place");
    }
    reasoning.effort().ifPresent(effort -> body.put("reasoning_effort", lower(effort)));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
