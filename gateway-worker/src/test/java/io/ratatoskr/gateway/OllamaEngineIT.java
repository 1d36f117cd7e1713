package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Truncation;
import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.worker.EventSink;
import io.ratatoskr.worker.Outcome;
import io.ratatoskr.worker.Prepared;
import io.ratatoskr.worker.Run;
import io.ratatoskr.worker.ServedModel;
import io.ratatoskr.worker.ServedModel.Readiness;
import io.ratatoskr.worker.Work;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a gateway worker announces of an Ollama server. */
@Timeout(120)
class OllamaEngineIT {
  private static final String VECTORS = "nomic-embed-text:v1.5";
  private static final Set<Capability> TEXT = Set.of(Capability.CHAT, Capability.GENERATE);

  private final MockWebServer server = new MockWebServer();
  private final AtomicBoolean answers = new AtomicBoolean(true);
  private volatile String digest = "d1";

  @BeforeEach
  void start() throws Exception {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            MockResponse.Builder response =
                new MockResponse.Builder().addHeader("Content-Type", "application/json");
            if (!answers.get()) {
              return response.code(500).build();
            }
            return response
                .body(
                    switch (request.getTarget()) {
                      case "/api/tags" -> tags();
                      case "/api/show" ->
                          Objects.requireNonNull(request.getBody()).utf8().contains("nomic")
                              ? "{\"capabilities\":[\"embedding\"]}"
                              : "{\"capabilities\":[\"completion\",\"tools\"]}";
                      case "/api/embed" -> "{\"embeddings\":[[1,2]],\"prompt_eval_count\":2}";
                      default -> "{\"version\":\"0.12.0\"}";
                    })
                .build();
          }
        });
    server.start(InetAddress.getLoopbackAddress(), 0);
  }

  private String tags() {
    return """
    {"models":[{"name":"llama3.2:latest"},{"name":"qwen3:4b"},
      {"name":"nomic-embed-text:v1.5","digest":"%s"}]}\
    """
        .formatted(digest);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private GatewayEngine engine(List<ProviderModel> models) {
    return GatewayEngine.of(
        ProviderConfig.of("ollama", ProviderType.OLLAMA, server.url("/").uri()).withModels(models),
        SchemaIds.derived(),
        new SimpleMeterRegistry(),
        Duration.ofMillis(20));
  }

  private static List<String> ids(GatewayEngine engine) {
    return engine.models().stream().map(ServedModel::id).toList();
  }

  @Test
  void models_arePulledOnes_andLatestHasAShortName() {
    try (GatewayEngine engine = engine(List.of())) {
      assertThat(engine.capabilities())
          .containsOnly(Capability.CHAT, Capability.GENERATE, Capability.EMBED);
      await()
          .until(() ->
              ids(engine).equals(List.of("llama3.2", "llama3.2:latest", "qwen3:4b", VECTORS)));
      assertThat(engine.models()).extracting(ServedModel::readiness).containsOnly(Readiness.READY);
      assertThat(engine.models())
          .extracting(ServedModel::capabilities)
          .containsExactly(TEXT, TEXT, TEXT, Set.of(Capability.EMBED));
      assertThat(engine.anyModel()).isEmpty();
    }
  }

  private static ServedModel vectors(GatewayEngine engine) {
    return engine.models().getLast();
  }

  @Test
  void models_tellTheSpaceOfTheirVectors_onceTheyHaveMadeOne_untilTheyAreReplaced() {
    Codec<EmbedRequest> requests = Codec.of(EmbedRequest.class, SchemaIds.derived());
    byte[] payload =
        requests.encode(
            new EmbedRequest(
                InputType.DOCUMENT, Truncation.ERROR, 0, List.of(new Item(new Text("one")))));
    Work work =
        new Work(
            Capability.EMBED,
            VECTORS,
            Lane.INTERACTIVE,
            "",
            Instant.now().plusSeconds(60),
            Duration.ofMinutes(1),
            "asked for",
            ChatOptions.defaults(),
            payload,
            null,
            null);
    try (GatewayEngine engine = engine(List.of())) {
      await().until(() -> ids(engine).contains(VECTORS));
      assertThat(vectors(engine).revision()).isEqualTo("d1");
      assertThat(vectors(engine).spaceId()).isEmpty();

      Outcome outcome = run(engine, work);
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Answered.class,
              answered ->
                  assertThat(answered.answerer())
                      .isEqualTo(new Outcome.Answerer("ollama", VECTORS, "d1", false)));
      String space = vectors(engine).spaceId();
      assertThat(space).matches("[0-9a-f]{16}");
      assertThat(vectors(engine).dimensions()).isEqualTo(2);

      // Its makers pull another one; the next answer is the first that says so.
      digest = "d2";
      assertThat(run(engine, work)).isInstanceOf(Outcome.Answered.class);
      await().until(() -> vectors(engine).revision().equals("d2"));
      assertThat(vectors(engine).spaceId()).matches("[0-9a-f]{16}").isNotEqualTo(space);
    }
  }

  private static Outcome run(GatewayEngine engine, Work work) {
    Prepared<GatewayEngine.Asked> prepared = engine.prepare(work);
    GatewayEngine.Asked task = ((Prepared.Ready<GatewayEngine.Asked>) prepared).task();
    return engine
        .run(List.of(new Run<>(task, work.deadline(), EventSink.unwanted())), Lane.INTERACTIVE)
        .getFirst()
        .join();
  }

  @Test
  void models_areTheConfiguredOnes_whereThereAreSome() {
    try (GatewayEngine engine = engine(List.of(ProviderModel.of("mine")))) {
      assertThat(ids(engine)).containsExactly("mine");
      assertThat(engine.capabilities()).isEqualTo(TEXT);
    }
  }

  @Test
  void models_whileTheServerDoesNotAnswer_areUnavailable_andWorkIsTakenToSaySo() {
    try (GatewayEngine engine = engine(List.of(ProviderModel.of("mine")))) {
      answers.set(false);
      await().until(() -> engine.models().getFirst().readiness() == Readiness.UNAVAILABLE);
      assertThat(engine.models().getFirst().reasonOrNull()).contains("does not answer");
      assertThat(engine.ready()).isTrue();

      answers.set(true);
      await().until(() -> engine.models().getFirst().readiness() == Readiness.READY);
    }
  }
}
