package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.ratatoskr.gateway.HealthState.Change;
import io.ratatoskr.gateway.ProviderFacade.Refusal;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.chat.ChatInput;
import io.ratatoskr.schemas.chat.ChatMessage;
import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.chat.ChatParameter;
import io.ratatoskr.schemas.chat.ReasoningEffort;
import io.ratatoskr.schemas.chat.ReasoningOptions;
import io.ratatoskr.schemas.chat.ResponseFormat;
import io.ratatoskr.schemas.chat.TokenUsage;
import io.ratatoskr.schemas.chat.ToolChoice;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;

class OllamaProviderIT extends ProviderContract {
  private static final ProviderFacade FACADE =
      new ProviderFacade(
          ProviderType.OLLAMA,
          "ollama",
          "",
          "/api/chat",
          ".ndjson",
          "application/x-ndjson",
          "Authorization",
          "Bearer ",
          new TokenUsage(
              OptionalLong.of(12), OptionalLong.of(8), OptionalLong.empty(), OptionalLong.empty()),
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
              .responseFormat(
                  new ResponseFormat.JsonSchema("harvest", "{\"type\":\"object\"}", true))
              .reasoning(ReasoningOptions.of(ReasoningEffort.HIGH))
              .cachePrompt(true)
              .rawProviderOptions("{\"keep_alive\":\"10m\",\"options\":{\"min_p\":0.5}}")
              .build(),
          EnumSet.of(ChatParameter.PARALLEL_TOOL_CALLS),
          Map.of(
              "error-context", new Refusal(400, "ContextLengthExceeded", false),
              "error-invalid", new Refusal(400, "InvalidInput", false),
              "error-tools", new Refusal(400, "Unsupported", false),
              "error-thinking", new Refusal(400, "UnsupportedParameter", false),
              "error-auth", new Refusal(401, "AuthenticationFailed", false),
              "error-model", new Refusal(404, "ModelNotFound", false),
              "error-rate", new Refusal(429, "RateLimited", true),
              "error-server", new Refusal(500, "Api", true)),
          "\n".repeat(4000),
          "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"%s\"},\"done\":false}\n"
              .formatted("word ".repeat(50)));

  @Override
  ProviderFacade facade() {
    return FACADE;
  }

  @Test
  void modelThatIsNotPulled_isNamedWithTheCommand() {
    InferenceError error =
        error(
            run(
                whole("error-model").code(404),
                new ProviderRequest(
                    input(ChatOptions.defaults()),
                    "qwen3:8b",
                    true,
                    Instant.now().plusSeconds(60),
                    "")));

    assertThat(error.message()).endsWith("get it with: ollama pull qwen3:8b");
    assertThat(server.getRequestCount()).isOne();
  }

  @Test
  void serverThatIsNotThere_isToBeStarted() {
    ProviderConfig config = config();
    server.close();

    assertThat(
            error(client(config).call(request(input(ChatOptions.defaults()), true)).run(e -> {}))
                .message())
        .endsWith("ollama serve");
  }

  /** The same each time, so that no request makes the server load the model anew. */
  @Test
  void contextOfTheConfiguration_isSentAlways() throws InterruptedException {
    server.enqueue(whole("plain").build());
    ProviderConfig config =
        config()
            .withModels(
                List.of(new ProviderModel("m", OptionalInt.of(8192), Optional.empty(), false)));

    answer(client(config).call(request(input(ChatOptions.defaults()), false)).run(e -> {}));

    assertThat(sent().at("options").count("num_ctx")).hasValue(8192);
  }

  @Test
  void modelThatRunsElsewhere_isAskedOnlyOfAProviderThatCountsAsRemote() {
    ProviderRequest request =
        new ProviderRequest(
            input(ChatOptions.defaults()),
            "gpt-oss:120b-cloud",
            false,
            Instant.now().plusSeconds(60),
            "");

    assertThat(error(client(config()).call(request).run(e -> {})).code())
        .isEqualTo(ErrorCode.CONSENT_REQUIRED);
    assertThat(server.getRequestCount()).isZero();
    server.enqueue(whole("plain").build());
    ProviderClient remote = client(config().withLocation(Location.REMOTE));
    assertThat(answer(remote.call(request).run(e -> {})).text()).isEqualTo(TEXT);
  }

  @Test
  void toolChoice_thatOllamaDoesNotKnow_isRefused_andNoneTakesTheToolsAway()
      throws ProviderFailure {
    for (ToolChoice choice :
        List.of(new ToolChoice.Required(), new ToolChoice.Named("get_weather"))) {
      assertThat(error(client(config()).call(request(choosing(choice), true)).run(e -> {})).code())
          .isEqualTo(ErrorCode.UNSUPPORTED_PARAMETER);
    }
    assertThat(
            new OllamaProvider(config())
                .body(request(choosing(new ToolChoice.None()), true))
                .has("tools"))
        .isFalse();
  }

  private static ChatInput choosing(ToolChoice choice) {
    return new ChatInput(
        List.of(ChatMessage.user("?")), List.of(WEATHER), choice, ChatOptions.defaults());
  }

  @Test
  void models_areDiscovered_withDigestSizeAndPlace() throws ProviderFailure {
    server.enqueue(whole("tags").build());
    server.enqueue(whole("show").build());
    OllamaServer ollama = new OllamaServer(client(config()));

    List<OllamaModel> models = ollama.models();
    OllamaDetails details = ollama.show("qwen3:8b");

    assertThat(models)
        .extracting(OllamaModel::name)
        .containsExactly("qwen3:8b", "gpt-oss:120b-cloud");
    assertThat(models.get(0).bytes()).isEqualTo(5_225_388_164L);
    assertThat(models.get(0).digest()).startsWith("500a1f067a9f");
    assertThat(models.get(0).parameters()).isEqualTo("8.2B");
    assertThat(models)
        .extracting(OllamaModel::location)
        .containsExactly(Location.LOCAL, Location.REMOTE);
    assertThat(details.callsTools()).isTrue();
    assertThat(details.thinks()).isTrue();
    assertThat(details.embeds()).isFalse();
    assertThat(details.context()).hasValue(40960);
    assertThat(details.embedding()).hasValue(4096);
  }

  @Test
  void show_ofAModelThatIsNotThere_namesTheCommand() {
    server.enqueue(whole("error-model").code(404).build());
    OllamaServer ollama = new OllamaServer(client(config()));

    assertThatExceptionOfType(ProviderFailure.class)
        .isThrownBy(() -> ollama.show("x"))
        .withMessageEndingWith("ollama pull x");
  }

  @Test
  void watch_tellsChangesOfHealth_andFindsModels() {
    String version = bytes("version.json");
    String tags = bytes("tags.json");
    List<Integer> statuses = new CopyOnWriteArrayList<>(List.of(200));
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return new MockResponse.Builder()
                .code(statuses.get(statuses.size() - 1))
                .body(request.getTarget().equals("/api/tags") ? tags : version)
                .build();
          }
        });
    List<Change> changes = new CopyOnWriteArrayList<>();
    try (OllamaWatch watch =
        OllamaWatch.start(
            client(config()), Duration.ofMillis(20), Duration.ofMillis(100), changes::add)) {
      await().until(() -> watch.models().size() == 2);
      statuses.add(500);
      await().until(() -> changes.contains(Change.UNHEALTHY));
      assertThat(watch.models()).hasSize(2);
      statuses.add(200);
      await().until(() -> changes.contains(Change.RECOVERED));
    }
    assertThat(changes)
        .startsWith(Change.HEALTHY, Change.DEGRADED, Change.UNHEALTHY, Change.RECOVERED);
  }
}
