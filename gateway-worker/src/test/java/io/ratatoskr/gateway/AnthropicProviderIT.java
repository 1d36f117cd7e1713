package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.gateway.ProviderFacade.Refusal;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.chat.ChatAnswer;
import io.ratatoskr.schemas.chat.ChatInput;
import io.ratatoskr.schemas.chat.ChatMessage;
import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.chat.ChatParameter;
import io.ratatoskr.schemas.chat.ReasoningEffort;
import io.ratatoskr.schemas.chat.ReasoningOptions;
import io.ratatoskr.schemas.chat.ResponseFormat;
import io.ratatoskr.schemas.chat.TokenUsage;
import io.ratatoskr.schemas.chat.ToolChoice;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class AnthropicProviderIT extends ProviderContract {
  private static final ProviderFacade FACADE =
      new ProviderFacade(
          ProviderType.ANTHROPIC,
          "anthropic",
          "",
          "/v1/messages",
          ".sse",
          "text/event-stream; charset=utf-8",
          "x-api-key",
          "",
          new TokenUsage(
              OptionalLong.of(12), OptionalLong.of(8), OptionalLong.of(5), OptionalLong.of(4)),
          ChatOptions.builder()
              .temperature(0.5)
              .topP(0.9)
              .topK(40)
              .maxTokens(100)
              .stop("END")
              .parallelToolCalls(false)
              .responseFormat(
                  new ResponseFormat.JsonSchema("harvest", "{\"type\":\"object\"}", true))
              .reasoning(ReasoningOptions.of(ReasoningEffort.HIGH))
              .cachePrompt(true)
              .rawProviderOptions("{\"service_tier\":\"standard_only\"}")
              .build(),
          EnumSet.of(
              ChatParameter.FREQUENCY_PENALTY,
              ChatParameter.PRESENCE_PENALTY,
              ChatParameter.REPETITION_PENALTY,
              ChatParameter.SEED),
          Map.of(
              "error-context", new Refusal(400, "ContextLengthExceeded", false),
              "error-invalid", new Refusal(400, "InvalidInput", false),
              "error-auth", new Refusal(401, "AuthenticationFailed", false),
              "error-model", new Refusal(404, "ModelNotFound", false),
              "error-rate", new Refusal(429, "RateLimited", true),
              "error-server", new Refusal(500, "Api", true),
              "error-overloaded", new Refusal(529, "Api", true)),
          "event: ping\ndata: {\"type\": \"ping\", \"x\": \"" + "x".repeat(4000) + "\"}\n\n",
          ("event: content_block_delta\n"
               + "data:"
               + " {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"%s\"}}\n\n")
              .formatted("word ".repeat(50)));

  @Override
  ProviderFacade facade() {
    return FACADE;
  }

  /** Without the signed blocks before it the API refuses the result of the tool. */
  @Test
  void thinkingBeforeATool_goesBackUnchanged() throws InterruptedException {
    ChatAnswer answer = answer(run(streamed("thinking-tools"), request(withTools(), true)));
    received();

    answer(
        run(
            whole("plain"),
            request(withTools(answer.message(), ChatMessage.tool("toolu_oslo", "rain")), false)));

    Document turn = sent().list("messages").get(1);
    assertThat(turn.list("content"))
        .extracting(Document::json)
        .containsExactly(
            "{\"type\":\"thinking\",\"thinking\":\"First the"
                + " frost,\",\"signature\":\"EqQBCgIYAhIM\"}",
            "{\"type\":\"redacted_thinking\",\"data\":\"EmwKAhgBEgy3\"}",
            "{\"type\":\"tool_use\",\"id\":\"toolu_oslo\",\"name\":\"get_weather\","
                + "\"input\":{\"town\":\"Oslo\"}}");
  }

  @Test
  void everyCall_namesTheVersionOfTheApi() throws InterruptedException {
    answer(run(whole("plain"), request(input(ChatOptions.defaults()), false)));

    assertThat(received().getHeaders().get("anthropic-version")).isEqualTo("2023-06-01");
  }

  @ParameterizedTest
  @CsvSource({
    "NONE, {\"type\":\"disabled\"}, ",
    "MINIMAL, {\"type\":\"adaptive\"}, low",
    "XHIGH, {\"type\":\"adaptive\"}, xhigh"
  })
  void effort_isWritten(ReasoningEffort effort, String thinking, String written)
      throws ProviderFailure {
    ChatOptions options = ChatOptions.builder().reasoning(ReasoningOptions.of(effort)).build();

    ObjectNode body = new AnthropicProvider(config()).body(request(input(options), true));

    assertThat(body.get("thinking").toString()).isEqualTo(thinking);
    assertThat(new Document(body).at("output_config").text("effort"))
        .isEqualTo(written == null ? "" : written);
  }

  @Test
  void budgetOfThinking_isAboveTheBoundOfTheAnswer() throws ProviderFailure {
    ChatOptions options = ChatOptions.builder().reasoning(ReasoningOptions.ofTokens(2000)).build();

    Document body =
        new Document(new AnthropicProvider(config()).body(request(input(options), true)));

    assertThat(body.at("thinking").json())
        .isEqualTo("{\"type\":\"enabled\",\"budget_tokens\":2000}");
    assertThat(body.count("max_tokens")).hasValue(2000 + AnthropicProvider.MAX_TOKENS);
  }

  @Test
  void valuesThatTheApiDoesNotTake_areRefusedByName() {
    Map<ChatOptions, ErrorCode> refused =
        Map.of(
            ChatOptions.builder().temperature(1.5).build(),
            ErrorCode.INVALID_INPUT,
            ChatOptions.builder().reasoning(ReasoningOptions.ofTokens(10)).build(),
            ErrorCode.INVALID_INPUT,
            ChatOptions.builder()
                .maxTokens(1500)
                .reasoning(ReasoningOptions.ofTokens(2000))
                .build(),
            ErrorCode.INVALID_INPUT,
            ChatOptions.builder().responseFormat(new ResponseFormat.JsonObject()).build(),
            ErrorCode.UNSUPPORTED_PARAMETER);

    refused.forEach((options, code) ->
        assertThat(error(client(config()).call(request(input(options), true)).run(e -> {})).code())
            .isEqualTo(code));
  }

  @Test
  void toolChoice_ofEachKind_isWritten() throws ProviderFailure {
    Map<ToolChoice, String> written =
        Map.of(
            new ToolChoice.None(), "{\"type\":\"none\"}",
            new ToolChoice.Required(), "{\"type\":\"any\"}",
            new ToolChoice.Named("get_weather"), "{\"type\":\"tool\",\"name\":\"get_weather\"}");
    for (Map.Entry<ToolChoice, String> choice : written.entrySet()) {
      ChatInput input =
          new ChatInput(
              List.of(ChatMessage.user("?")),
              List.of(WEATHER),
              choice.getKey(),
              ChatOptions.defaults());
      assertThat(
              new AnthropicProvider(config())
                  .body(request(input, true))
                  .get("tool_choice")
                  .toString())
          .isEqualTo(choice.getValue());
    }
  }

  @Test
  void chatPath_belowTheVersion_namesItOnce() {
    ProviderConfig config =
        ProviderConfig.of("p", ProviderType.ANTHROPIC, URI.create("https://api.anthropic.com/v1/"));

    assertThat(config.url(new AnthropicProvider(config).chatPath()))
        .isEqualTo("https://api.anthropic.com/v1/messages");
  }
}
