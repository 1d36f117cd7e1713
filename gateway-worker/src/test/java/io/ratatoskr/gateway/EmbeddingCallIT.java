package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors of the providers that make them. */
class EmbeddingCallIT {
  private static final float[] FIRST = {-0.75f, 0.0625f, 0.001953125f};
  private static final float[] SECOND = {0.5f, -0.25f, 0.125f};

  private final MockWebServer server = new MockWebServer();

  @BeforeEach
  void start() throws IOException {
    server.start(InetAddress.getLoopbackAddress(), 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private EmbeddingCall call(ProviderType type, String name, String model) {
    ProviderConfig config =
        ProviderConfig.of(name, type, URI.create("http://127.0.0.1:" + server.getPort()));
    return ProviderClient.of(config, new SimpleMeterRegistry(), Clock.systemUTC())
        .embedding(
            new EmbeddingInput(List.of("one", "two"), model, 0, Instant.now().plusSeconds(60)));
  }

  private static String bytes(String file) {
    try (InputStream in =
        Objects.requireNonNull(
            EmbeddingCallIT.class.getResourceAsStream("/io/ratatoskr/gateway/" + file), file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(file, e);
    }
  }

  private void answer(String body) {
    server.enqueue(
        new MockResponse.Builder()
            .setHeader("Content-Type", "application/json")
            .body(body)
            .build());
  }

  private EmbeddingOutcome.Embedded openAi(String name, String body) {
    answer(body);
    return (EmbeddingOutcome.Embedded)
        call(ProviderType.OPENAI, name, "text-embedding-3-small").run();
  }

  private static InferenceError error(EmbeddingOutcome outcome) {
    return ((EmbeddingOutcome.Failed) outcome).error();
  }

  private Document sent() throws InterruptedException {
    RecordedRequest request =
        Objects.requireNonNull(server.takeRequest(30, TimeUnit.SECONDS), "no request came");
    return new Document(Document.node(Objects.requireNonNull(request.getBody()).utf8()));
  }

  @Test
  void openAi_allTextsInOneCall_vectorsInTheirOrder() throws InterruptedException {
    EmbeddingOutcome.Embedded embedded = openAi("p", bytes("openai/embeddings.json"));

    assertThat(embedded.vectors()).containsExactly(FIRST, SECOND);
    assertThat(embedded.dimensions()).isEqualTo(3);
    assertThat(embedded.tokens()).hasValue(8);
    assertThat(embedded.revision()).isEqualTo("text-embedding-3-small");
    assertThat(sent().json())
        .isEqualTo(
            "{\"model\":\"text-embedding-3-small\",\"input\":[\"one\",\"two\"],"
                + "\"encoding_format\":\"float\"}");
  }

  @Test
  void ollama_namesTheDigestOfItsModel_andNeverCuts() throws InterruptedException {
    answer(bytes("ollama/embeddings.json"));
    answer(bytes("ollama/tags.json"));

    EmbeddingOutcome.Embedded embedded =
        (EmbeddingOutcome.Embedded) call(ProviderType.OLLAMA, "p", "qwen3:8b").run();

    assertThat(embedded.vectors()).containsExactly(FIRST, SECOND);
    assertThat(embedded.tokens()).hasValue(8);
    assertThat(embedded.revision()).startsWith("500a1f067a9f");
    assertThat(sent().json())
        .isEqualTo("{\"model\":\"qwen3:8b\",\"input\":[\"one\",\"two\"],\"truncate\":false}");
  }

  /** The same model of the same server has one space; another server's of that name another. */
  @Test
  void spaceId_tellsModelsApart() {
    String body = bytes("openai/embeddings.json");
    String id = openAi("p", body).spaceId();

    assertThat(id).matches("[0-9a-f]{16}").isEqualTo(openAi("p", body).spaceId());
    assertThat(openAi("q", body).spaceId()).isNotEqualTo(id);
    assertThat(openAi("p", body.replace("3-small", "3-large")).spaceId()).isNotEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"data\":[{\"index\":0,\"embedding\":[1]}]}",
        "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[1,2]}]}",
        "{\"data\":[{\"index\":0,\"embedding\":[]},{\"index\":1,\"embedding\":[]}]}",
        "{\"data\":[{\"index\":0,\"embedding\":[1e99]},{\"index\":1,\"embedding\":[1]}]}",
        "{\"data\":[{\"index\":0,\"embedding\":[null]},{\"index\":1,\"embedding\":[1]}]}",
        "{}"
      })
  void vectors_thatAreNone_areDamaged(String body) {
    answer(body);

    assertThat(error(call(ProviderType.OPENAI, "p", "m").run()).code())
        .isEqualTo(ErrorCode.DATA_ERROR);
  }

  @ParameterizedTest
  @CsvSource({
    "400, openai/error-context, CONTEXT_LENGTH_EXCEEDED",
    "401, openai/error-auth, AUTHENTICATION_FAILED",
    "404, ollama/error-model, MODEL_NOT_FOUND",
    "429, openai/error-rate, RATE_LIMITED",
    "500, openai/error-server, API",
    "200, openai/within, API"
  })
  void refusal_isTyped_asOfAChat(int status, String file, ErrorCode code) {
    server.enqueue(new MockResponse.Builder().code(status).body(bytes(file + ".json")).build());

    assertThat(error(call(ProviderType.OPENAI, "p", "m").run()).code()).isEqualTo(code);
  }

  @ParameterizedTest
  @EnumSource(names = "ANTHROPIC")
  void providerThatMakesNone_saysSo(ProviderType type) {
    assertThat(error(call(type, "p", "m").run()).code()).isEqualTo(ErrorCode.UNSUPPORTED);
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void cancel_endsTheCall() throws InterruptedException {
    server.enqueue(new MockResponse.Builder().headersDelay(1, TimeUnit.HOURS).build());
    EmbeddingCall call = call(ProviderType.OPENAI, "p", "m");
    CompletableFuture<EmbeddingOutcome> outcome = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> outcome.complete(call.run()));
    sent();

    call.cancel();

    assertThat(error(outcome.orTimeout(30, TimeUnit.SECONDS).join()).code())
        .isEqualTo(ErrorCode.CANCELLED);
  }

  @Test
  void input_thatIsNone_isRefused() {
    for (List<String> texts : List.of(List.<String>of(), List.of("a", ""))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new EmbeddingInput(texts, "m", 0, Instant.EPOCH))
          .withMessageStartingWith("texts: ");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EmbeddingInput(List.of("a"), " ", 0, Instant.EPOCH))
        .withMessageStartingWith("model: ");
  }
}
