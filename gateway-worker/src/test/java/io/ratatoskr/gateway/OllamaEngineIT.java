package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.worker.ServedModel;
import io.ratatoskr.worker.ServedModel.Readiness;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
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
  private final MockWebServer server = new MockWebServer();
  private final AtomicBoolean answers = new AtomicBoolean(true);

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
                    request.getTarget().equals("/api/tags")
                        ? "{\"models\":[{\"name\":\"llama3.2:latest\"},{\"name\":\"qwen3:4b\"}]}"
                        : "{\"version\":\"0.12.0\"}")
                .build();
          }
        });
    server.start(InetAddress.getLoopbackAddress(), 0);
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
      await().until(() -> ids(engine).equals(List.of("llama3.2", "llama3.2:latest", "qwen3:4b")));
      assertThat(engine.models()).extracting(ServedModel::readiness).containsOnly(Readiness.READY);
    }
  }

  @Test
  void models_areTheConfiguredOnes_whereThereAreSome() {
    try (GatewayEngine engine = engine(List.of(ProviderModel.of("mine")))) {
      assertThat(ids(engine)).containsExactly("mine");
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
