package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.chat.ChatMessage;
import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.chat.ChatParameter;
import io.ratatoskr.schemas.chat.ReasoningOptions;
import io.ratatoskr.schemas.chat.ResponseFormat;
import io.ratatoskr.schemas.chat.ToolCall;
import io.ratatoskr.schemas.chat.ToolChoice;
import io.ratatoskr.schemas.chat.ToolDefinition;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Ollama's own chat. Prompts that are longer than the model's context are refused, never cut, and
 * models that are not there are never pulled.
 */
final class OllamaProvider implements Provider {
  private static final Pattern CLOUD = Pattern.compile(".*[:-]cloud");
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;

  private final ProviderConfig config;

  OllamaProvider(ProviderConfig config) {
    this.config = config;
  }

  @Override
  public Set<ChatParameter> parameters() {
    return EnumSet.complementOf(EnumSet.of(ChatParameter.PARALLEL_TOOL_CALLS));
  }

  @Override
  public String chatPath() {
    return "/api/chat";
  }

  @Override
  public Optional<Embedding> embedding() {
    return Optional.of(new Embedding("/api/embed", EmbeddingDialect.OLLAMA));
  }

  @Override
  public Framing streaming() {
    return Framing.NDJSON;
  }

  @Override
  public AnswerReader reader() {
    return new OllamaAnswer(config.name());
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
  public String unreachableHint() {
    return "; is Ollama running? Start it with: ollama serve";
  }

  @Override
  public Optional<InferenceError> refusal(int status, ErrorBody body, String model) {
    String says = body.shortMessage();
    if (status == NOT_FOUND && !says.isEmpty()) {
      return Optional.of(
          InferenceError.modelNotFound(
              model,
              "Provider %s has no model '%s'; get it with: ollama pull %s"
                  .formatted(config.name(), model, model)));
    }
    if (status == BAD_REQUEST && says.contains("does not support thinking")) {
      return Optional.of(
          Unsupported.error(
              config, model, ChatParameter.REASONING.parameterName(), "leave it out"));
    }
    return status == BAD_REQUEST && says.contains("does not support")
        ? Optional.of(InferenceError.unsupported("Provider %s: %s".formatted(config.name(), says)))
        : Optional.empty();
  }

  @Override
  public ObjectNode body(ProviderRequest request) throws ProviderFailure {
    checkStaysHere(request.model());
    ObjectNode body = Document.object();
    body.put("model", request.model());
    ArrayNode messages = body.putArray("messages");
    Map<String, String> toolNames = new HashMap<>();
    for (ChatMessage message : request.input().messages()) {
      messages.add(message(message, toolNames));
    }
    body.put("stream", request.stream());
    body.put("truncate", false).put("shift", false);
    tools(body, request);
    options(body, request);
    return body;
  }

  /** A server on this machine hands such models' requests on to its maker's. */
  private void checkStaysHere(String model) throws ProviderFailure {
    if (config.location() == Location.LOCAL && CLOUD.matcher(model).matches()) {
      throw new ProviderFailure(
          InferenceError.consentRequired(
              ("Model '%s' runs on Ollama's servers, and provider %s counts as local; if data may"
                      + " leave, configure it with location = \"remote\".")
                  .formatted(model, config.name())));
    }
  }

  private static ObjectNode message(ChatMessage message, Map<String, String> toolNames) {
    ObjectNode node = Document.object();
    switch (message) {
      case ChatMessage.SystemMessage system ->
          node.put("role", "system").put("content", system.text());
      case ChatMessage.UserMessage user -> node.put("role", "user").put("content", user.text());
      case ChatMessage.AssistantMessage assistant -> {
        node.put("role", "assistant").put("content", assistant.text());
        calls(node, assistant.toolCalls(), toolNames);
      }
      case ChatMessage.ToolMessage tool ->
          node.put("role", "tool")
              .put("tool_name", toolNames.getOrDefault(tool.callId(), ""))
              .put("tool_call_id", tool.callId())
              .put("content", tool.text());
    }
    return node;
  }

  private static void calls(
      ObjectNode message, List<ToolCall> calls, Map<String, String> toolNames) {
    if (calls.isEmpty()) {
      return;
    }
    ArrayNode all = message.putArray("tool_calls");
    for (int i = 0; i < calls.size(); i++) {
      ToolCall call = calls.get(i);
      toolNames.put(call.id(), call.name());
      ObjectNode function =
          all.addObject()
              .put("id", call.id())
              .put("type", "function")
              .putObject("function")
              .put("index", i)
              .put("name", call.name());
      function.set(
          "arguments",
          Document.tryParse(call.arguments())
              .filter(Document::isObject)
              .map(Document::node)
              .orElseGet(Document::object));
    }
  }

  private void tools(ObjectNode body, ProviderRequest request) throws ProviderFailure {
    switch (request.input().toolChoice()) {
      case ToolChoice.None none -> {
        return;
      }
      case ToolChoice.Required required -> throw toolChoice(request, "required");
      case ToolChoice.Named named -> throw toolChoice(request, named.name());
      case ToolChoice.Auto auto -> {
        // What Ollama does.
      }
    }
    if (request.input().tools().isEmpty()) {
      return;
    }
    ArrayNode all = body.putArray("tools");
    for (ToolDefinition tool : request.input().tools()) {
      ObjectNode function = all.addObject().put("type", "function").putObject("function");
      function.put("name", tool.name()).put("description", tool.description());
      function.set("parameters", Document.node(tool.parameters()));
    }
  }

  private ProviderFailure toolChoice(ProviderRequest request, String choice) {
    return Unsupported.parameter(
        config, request, "tool_choice=" + choice, "take auto or none in its place");
  }

  private void options(ObjectNode body, ProviderRequest request) throws ProviderFailure {
    ChatOptions options = request.input().options();
    ObjectNode node = body.putObject("options");
    config.model(request.model()).context().ifPresent(tokens -> node.put("num_ctx", tokens));
    options.temperature().ifPresent(value -> node.put("temperature", value));
    options.topP().ifPresent(value -> node.put("top_p", value));
    options.topK().ifPresent(value -> node.put("top_k", value));
    options.maxTokens().ifPresent(value -> node.put("num_predict", value));
    options.frequencyPenalty().ifPresent(value -> node.put("frequency_penalty", value));
    options.presencePenalty().ifPresent(value -> node.put("presence_penalty", value));
    options.repetitionPenalty().ifPresent(value -> node.put("repeat_penalty", value));
    options.seed().ifPresent(value -> node.put("seed", value));
    if (!options.stop().isEmpty()) {
      ArrayNode stop = node.putArray("stop");
      options.stop().forEach(stop::add);
    }
    switch (options.responseFormat()) {
      case ResponseFormat.PlainText text -> {
        // The default.
      }
      case ResponseFormat.JsonObject object -> body.put("format", "json");
      case ResponseFormat.JsonSchema schema -> body.set("format", Document.node(schema.schema()));
    }
    if (options.reasoning().isPresent()) {
      think(body, options.reasoning().get(), request);
    }
    if (options.cachePrompt().filter(cache -> !cache).isPresent()) {
      throw Unsupported.parameter(config, request, "cache_prompt=false");
    }
    options.rawProviderOptions().ifPresent(raw -> Document.merge(body, Document.node(raw)));
  }

  private void think(ObjectNode body, ReasoningOptions reasoning, ProviderRequest request)
      throws ProviderFailure {
    if (reasoning.maxTokens().isPresent()) {
      throw Unsupported.parameter(
          config, request, "reasoning.max_tokens", "give reasoning.effort in its place");
    }
    reasoning
        .effort()
        .ifPresent(effort -> {
          switch (effort) {
            case NONE -> body.put("think", false);
            case MINIMAL, LOW -> body.put("think", "low");
            case MEDIUM -> body.put("think", "medium");
            case HIGH -> body.put("think", "high");
            case XHIGH -> body.put("think", "max");
          }
        });
  }
}
