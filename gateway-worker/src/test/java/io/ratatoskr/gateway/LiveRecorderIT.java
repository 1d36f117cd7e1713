package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The recorder of {@code -Plive}, before a server that says what the contract's files say. */
class LiveRecorderIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "OPENAI, openai, /v1, .sse, text/event-stream, Authorization",
    "OLLAMA, ollama, '', .ndjson, application/x-ndjson, Authorization",
    "ANTHROPIC, anthropic, '', .sse, text/event-stream, x-api-key"
  })
  void answers_areKeptAsTheyCame(
      ProviderType type, String name, String path, String ending, String stream, String header)
      throws Exception {
    List<String> files = List.of("plain.json", "streamed" + ending, "tools.json", "tools" + ending);
    try (MockWebServer server = new MockWebServer()) {
      server.start(InetAddress.getLoopbackAddress(), 0);
      for (String file : files) {
        server.enqueue(
            new MockResponse.Builder()
                .setHeader("Content-Type", file.endsWith(".json") ? "application/json" : stream)
                .body(new Buffer().write(bytes(name, file)))
                .build());
      }
      ProviderConfig config =
          ProviderConfig.of(name, type, URI.create("http://127.0.0.1:" + server.getPort() + path))
              .withSecret(Secret.of("sk-live"));

      new LiveRecorder(config, "m", folder).record();

      RecordedRequest first = server.takeRequest();
      assertThat(first.getHeaders().get(header)).endsWith("sk-live");
      assertThat(Objects.requireNonNull(first.getBody()).utf8()).contains("\"m\"");
    }
    for (String file : files) {
      assertThat(folder.resolve(file)).hasBinaryContent(bytes(name, file));
    }
  }

  private static byte[] bytes(String name, String file) throws Exception {
    try (InputStream in =
        Objects.requireNonNull(
            LiveRecorderIT.class.getResourceAsStream(
                "/io/ratatoskr/gateway/" + name + "/" + file))) {
      return in.readAllBytes();
    }
  }

  @Test
  void aRefusal_isNoRecording() throws Exception {
    try (MockWebServer server = new MockWebServer()) {
      server.start(InetAddress.getLoopbackAddress(), 0);
      server.enqueue(new MockResponse.Builder().code(401).body("no").build());
      ProviderConfig config =
          ProviderConfig.of(
              "p", ProviderType.OPENAI, URI.create("http://127.0.0.1:" + server.getPort() + "/v1"));

      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> new LiveRecorder(config, "m", folder).record())
          .withMessageContaining("status 401");
    }
    assertThat(folder).isEmptyDirectory();
  }
}
