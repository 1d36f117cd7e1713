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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class OpenAiProviderIT extends ProviderContract {
  private static final ProviderFacade FACADE =
      new ProviderFacade(
          ProviderType.OPENAI,
          "openai",
          "/v1",
          "/v1/chat/completions",
          ".sse",
          "text/event-stream; charset=utf-8",
          "Authorization",
          "Bearer ",
          new TokenUsage(
              OptionalLong.of(12), OptionalLong.of(8), OptionalLong.of(5), OptionalLong.of(4)),
          ChatOptions.builder()
              .temperature(0.5)
              .topP(0.9)
              .topK(40)
              .maxTokens(100)
              .stop("END")
              .frequencyPenalty(0.25)
              .presencePenalty(-0.5)
              .repetitionPenalty(1.5)
              .seed(7)
              .parallelToolCalls(false)
              .responseFormat(
                  new ResponseFormat.JsonSchema("harvest", "{\"type\":\"object\"}", true))
              .reasoning(ReasoningOptions.of(ReasoningEffort.HIGH))
              .cachePrompt(true)
              .rawProviderOptions("{\"top_a\":0.5,\"stream_options\":{\"more\":1}}")
              .build(),
          EnumSet.noneOf(ChatParameter.class),
          Map.of(
              "error-context", new Refusal(400, "ContextLengthExceeded", false),
              "error-invalid", new Refusal(400, "InvalidInput", false),
              "error-parameter", new Refusal(400, "UnsupportedParameter", false),
              "error-auth", new Refusal(401, "AuthenticationFailed", false),
              "error-model", new Refusal(404, "ModelNotFound", false),
              "error-rate", new Refusal(429, "RateLimited", true),
              "error-quota", new Refusal(429, "Api", false),
              "error-server", new Refusal(500, "Api", true)),
          ": keep-alive " + "x".repeat(4000) + "\n\n",
          "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}\n\n"
              .formatted("word ".repeat(50)));

  @Override
  ProviderFacade facade() {
    return FACADE;
  }

  /** OpenRouter's and vLLM's name of reasoning, and the details that they want back. */
  @Test
  void reasoningDetails_goBackWithTheConversation() throws InterruptedException {
    ChatAnswer answer =
        answer(run(streamed("reasoning-details"), request(input(ChatOptions.defaults()), true)));
    received();
    assertThat(answer.reasoning()).isEqualTo(THOUGHT);
    ChatInput next =
        ChatInput.of(
            List.of(ChatMessage.user("?"), answer.message(), ChatMessage.user("And then?")),
            ChatOptions.defaults());

    answer(run(whole("plain"), request(next, false)));

    Document sent = sent();
    assertThat(sent.list("messages").get(1).list("reasoning_details"))
        .extracting(detail -> detail.text("text"))
        .containsExactly("First the frost,", " then the drought.");
  }

  @Test
  void toolArguments_thatAreNoJson_areNoAnswer() {
    assertThat(error(run(whole("bad-arguments"), request(withTools(), false))).code())
        .isEqualTo(ErrorCode.JSON);
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com/v1, max_completion_tokens, reasoning_effort",
    "https://openrouter.ai/api/v1, max_tokens, reasoning",
    "http://localhost:8000, max_tokens, reasoning_effort"
  })
  void dialect_isToldByTheHost(String url, String maxTokens, String reasoning)
      throws ProviderFailure {
    OpenAiProvider provider =
        new OpenAiProvider(ProviderConfig.of("p", ProviderType.OPENAI, URI.create(url)));
    ChatOptions options =
        ChatOptions.builder()
            .maxTokens(5)
            .reasoning(ReasoningOptions.of(ReasoningEffort.LOW))
            .build();

    ObjectNode body = provider.body(request(input(options), true));

    assertThat(body.has(maxTokens)).isTrue();
    assertThat(body.has(reasoning)).isTrue();
    assertThat(provider.parameters())
        .hasSize(
            url.contains("api.openai.com")
                ? FACADE.options().parameters().size() - 2
                : FACADE.options().parameters().size());
  }

  @Test
  void chatPath_belowAServerAlone_namesTheVersion() {
    for (String url : List.of("http://localhost:8000", "http://localhost:8000/")) {
      ProviderConfig config = ProviderConfig.of("p", ProviderType.OPENAI, URI.create(url));
      assertThat(config.url(new OpenAiProvider(config).chatPath()))
          .isEqualTo("http://localhost:8000/v1/chat/completions");
    }
  }

  @Test
  void whatOnlySomeServersCan_isRefusedByName() {
    ChatOptions bound =
        ChatOptions.builder()
            .reasoning(new ReasoningOptions(Optional.empty(), OptionalInt.of(2000), false))
            .build();
    ChatOptions noCache = ChatOptions.builder().cachePrompt(false).build();

    for (ChatOptions options : List.of(bound, noCache)) {
      assertThat(error(client(config()).call(request(input(options), true)).run(e -> {})).code())
          .isEqualTo(ErrorCode.UNSUPPORTED_PARAMETER);
    }
  }

  @Test
  void toolChoice_ofEachKind_isWritten() throws ProviderFailure {
    OpenAiProvider provider = new OpenAiProvider(config());
    for (ToolChoice choice :
        List.of(
            new ToolChoice.None(),
            new ToolChoice.Required(),
            new ToolChoice.Named("get_weather"))) {
      ChatInput input =
          new ChatInput(
              List.of(ChatMessage.user("?")), List.of(WEATHER), choice, ChatOptions.defaults());
      String written = provider.body(request(input, true)).get("tool_choice").toString();

      assertThat(written)
          .isEqualTo(
              switch (choice) {
                case ToolChoice.Auto auto -> "\"auto\"";
                case ToolChoice.None none -> "\"none\"";
                case ToolChoice.Required required -> "\"required\"";
                case ToolChoice.Named named ->
                    "{\"type\":\"function\",\"function\":{\"name\":\"get_weather\"}}";
              });
    }
  }
}
