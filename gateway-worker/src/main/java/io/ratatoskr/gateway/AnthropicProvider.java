package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.chat.ChatMessage;
import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.chat.ChatParameter;
import io.ratatoskr.schemas.chat.ReasoningEffort;
import io.ratatoskr.schemas.chat.ReasoningOptions;
import io.ratatoskr.schemas.chat.ResponseFormat;
import io.ratatoskr.schemas.chat.ToolChoice;
import io.ratatoskr.schemas.chat.ToolDefinition;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Anthropic's messages. */
final class AnthropicProvider implements Provider {
  /** The API wants a bound always; this one where the caller gives none. */
  static final int MAX_TOKENS = 4096;

  private static final int FEWEST_THINKING = 1024;
  private static final String VERSION = "2023-06-01";

  private final ProviderConfig config;

  AnthropicProvider(ProviderConfig config) {
    this.config = config;
  }

  @Override
  public Set<ChatParameter> parameters() {
    return EnumSet.complementOf(
        EnumSet.of(
            ChatParameter.FREQUENCY_PENALTY,
            ChatParameter.PRESENCE_PENALTY,
            ChatParameter.REPETITION_PENALTY,
            ChatParameter.SEED));
  }

  /** The base URL may name the version. */
  @Override
  public String chatPath() {
    String path = config.baseUrl().getPath();
    return path != null && path.matches(".*/v1/?") ? "/messages" : "/v1/messages";
  }

  @Override
  public Framing streaming() {
    return Framing.SSE;
  }

  @Override
  public AnswerReader reader() {
    return new AnthropicAnswer(config.name());
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("anthropic-version", VERSION);
  }

  @Override
  public AuthHeader auth() {
    return new AuthHeader("x-api-key", "");
  }

  @Override
  public ObjectNode body(ProviderRequest request) throws ProviderFailure {
    ObjectNode body = Document.object();
    body.put("model", request.model());
    body.put("stream", request.stream());
    system(body, request.input().messages());
    AnthropicMessages messages = new AnthropicMessages(body.putArray("messages"));
    request.input().messages().forEach(messages::add);
    tools(body, request);
    options(body, request);
    return body;
  }

  /** Instructions stand apart, wherever in the conversation they were. */
  private static void system(ObjectNode body, List<ChatMessage> messages) {
    List<ChatMessage> system =
        messages.stream().filter(ChatMessage.SystemMessage.class::isInstance).toList();
    if (!system.isEmpty()) {
      ArrayNode blocks = body.putArray("system");
      system.forEach(message -> blocks.addObject().put("type", "text").put("text", message.text()));
    }
  }

  private static void tools(ObjectNode body, ProviderRequest request) {
    List<ToolDefinition> tools = request.input().tools();
    if (tools.isEmpty()) {
      return;
    }
    ArrayNode all = body.putArray("tools");
    for (ToolDefinition tool : tools) {
      ObjectNode node = all.addObject().put("name", tool.name());
      if (!tool.description().isEmpty()) {
        node.put("description", tool.description());
      }
      node.set("input_schema", Document.node(tool.parameters()));
      if (tool.cached()) {
        node.putObject("cache_control").put("type", "ephemeral");
      }
    }
    ObjectNode choice = body.putObject("tool_choice");
    switch (request.input().toolChoice()) {
      case ToolChoice.Auto auto -> choice.put("type", "auto");
      case ToolChoice.None none -> choice.put("type", "none");
      case ToolChoice.Required required -> choice.put("type", "any");
      case ToolChoice.Named named -> choice.put("type", "tool").put("name", named.name());
    }
    Optional<Boolean> parallel = request.input().options().parallelToolCalls();
    if (parallel.isPresent() && !(request.input().toolChoice() instanceof ToolChoice.None)) {
      choice.put("disable_parallel_tool_use", !parallel.get());
    }
  }

  private void options(ObjectNode body, ProviderRequest request) throws ProviderFailure {
    ChatOptions options = request.input().options();
    if (options.temperature().isPresent()) {
      body.put("temperature", temperature(options.temperature().getAsDouble()));
    }
    options.topP().ifPresent(value -> body.put("top_p", value));
    options.topK().ifPresent(value -> body.put("top_k", value));
    body.put("max_tokens", options.maxTokens().orElse(MAX_TOKENS));
    if (!options.stop().isEmpty()) {
      ArrayNode stop = body.putArray("stop_sequences");
      options.stop().forEach(stop::add);
    }
    format(body, request);
    if (options.reasoning().isPresent()) {
      thinking(body, options.reasoning().get(), options);
    }
    if (options.cachePrompt().orElse(false)) {
      body.putObject("cache_control").put("type", "ephemeral");
    }
    options.rawProviderOptions().ifPresent(raw -> Document.merge(body, Document.node(raw)));
  }

  private double temperature(double value) throws ProviderFailure {
    if (value > 1) {
      throw new ProviderFailure(
          InferenceError.invalidInput(
              "temperature: provider %s takes 0 to 1, not %s".formatted(config.name(), value)));
    }
    return value;
  }

  private void format(ObjectNode body, ProviderRequest request) throws ProviderFailure {
    switch (request.input().options().responseFormat()) {
      case ResponseFormat.PlainText text -> {
        // The default.
      }
      case ResponseFormat.JsonObject object ->
          throw Unsupported.parameter(
              config, request, "response_format=json_object", "give a JSON schema in its place");
      case ResponseFormat.JsonSchema schema ->
          body.putObject("output_config")
              .putObject("format")
              .put("type", "json_schema")
              .set("schema", Document.node(schema.schema()));
    }
  }

  /** A bound in tokens is the older way, an effort the newer; models take one or the other. */
  private static void thinking(ObjectNode body, ReasoningOptions reasoning, ChatOptions options)
      throws ProviderFailure {
    ObjectNode thinking = body.putObject("thinking");
    if (reasoning.off()) {
      thinking.put("type", "disabled");
      return;
    }
    if (reasoning.maxTokens().isPresent()) {
      int budget = reasoning.maxTokens().getAsInt();
      thinking.put("type", "enabled").put("budget_tokens", checkedBudget(budget, options));
      body.put("max_tokens", options.maxTokens().orElse(MAX_TOKENS + budget));
    } else {
      thinking.put("type", "adaptive");
    }
    if (reasoning.exclude()) {
      thinking.put("display", "omitted");
    }
    reasoning
        .effort()
        .ifPresent(effort -> body.withObject("output_config").put("effort", effort(effort)));
  }

  private static int checkedBudget(int budget, ChatOptions options) throws ProviderFailure {
    if (budget < FEWEST_THINKING || budget >= options.maxTokens().orElse(Integer.MAX_VALUE)) {
      throw new ProviderFailure(
          InferenceError.invalidInput(
              "reasoning.max_tokens: must be at least %d and below max_tokens, is %d"
                  .formatted(FEWEST_THINKING, budget)));
    }
    return budget;
  }

  private static String effort(ReasoningEffort effort) {
    return switch (effort) {
      case NONE, MINIMAL, LOW -> "low";
      case MEDIUM -> "medium";
      case HIGH -> "high";
      case XHIGH -> "xhigh";
    };
  }
}
