package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.chat.ChatAnswer;
import io.ratatoskr.schemas.chat.ChatInput;
import io.ratatoskr.schemas.chat.ChatMessage;
import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.chat.ToolChoice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.ByteString;

/**
 * Asks a provider what the contract asks, keeps the bytes of its answers in files of the names that
 * the contract reads, and looks whether they are understood.
 */
final class LiveRecorder {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final ProviderConfig config;
  private final Provider provider;
  private final String model;
  private final Path folder;

  /** A case of the contract. */
  private enum Case {
    PLAIN("plain", false, false),
    STREAMED("streamed", true, false),
    TOOLS("tools", false, true),
    STREAMED_TOOLS("tools", true, true);

    private final String file;
    private final boolean stream;
    private final boolean tools;

    Case(String file, boolean stream, boolean tools) {
      this.file = file;
      this.stream = stream;
      this.tools = tools;
    }
  }

  private record Recording(ByteString bytes, String contentType) {}

  /**
   * A recorder.
   *
   * @param folder where the files go; made where absent
   */
  LiveRecorder(ProviderConfig config, String model, Path folder) {
    this.config = config;
    this.provider = Provider.of(config);
    this.model = model;
    this.folder = folder;
  }

  /** Records every case. */
  void record() throws IOException {
    Files.createDirectories(folder);
    for (Case each : Case.values()) {
      ProviderRequest request = request(each);
      Recording recording = ask(request);
      Files.write(folder.resolve(each.file + ending(each.stream)), recording.bytes().toByteArray());
      check(each, request, recording);
    }
  }

  private String ending(boolean stream) {
    if (!stream) {
      return ".json";
    }
    return provider.streaming() == Framing.NDJSON ? ".ndjson" : ".sse";
  }

  private ProviderRequest request(Case each) {
    ChatInput input =
        each.tools
            ? new ChatInput(
                List.of(ChatMessage.user("How is the weather in Oslo, and how in Rome? Ask.")),
                List.of(ProviderBed.WEATHER),
                ToolChoice.auto(),
                ChatOptions.defaults())
            : ChatInput.of(
                List.of(ChatMessage.user("Say this, and nothing else: " + ProviderBed.TEXT)),
                ChatOptions.defaults());
    return new ProviderRequest(
        input, model, each.stream, Instant.now().plus(PATIENCE), "asked for");
  }

  private Recording ask(ProviderRequest request) throws IOException {
    Request.Builder http =
        new Request.Builder()
            .url(config.url(provider.chatPath()))
            .post(
                RequestBody.create(
                    provider.body(request).toString(), MediaType.get("application/json")));
    provider.headers().forEach(http::header);
    config
        .secret()
        .ifPresent(
            key -> http.header(provider.auth().name(), provider.auth().prefix() + key.reveal()));
    OkHttpClient client =
        new OkHttpClient.Builder().readTimeout(PATIENCE).callTimeout(PATIENCE).build();
    try (Response response = client.newCall(http.build()).execute()) {
      ByteString bytes = response.body().byteString();
      assertThat(response.isSuccessful())
          .as("%s: status %s: %s", config.name(), response.code(), bytes.utf8())
          .isTrue();
      return new Recording(bytes, Objects.requireNonNull(response.header("Content-Type")));
    }
  }

  /** What was recorded, sent by a server on this machine, is an answer. */
  private void check(Case each, ProviderRequest request, Recording recording) throws IOException {
    try (MockWebServer server = new MockWebServer()) {
      server.start(InetAddress.getLoopbackAddress(), 0);
      server.enqueue(
          new MockResponse.Builder()
              .setHeader("Content-Type", recording.contentType())
              .body(new Buffer().write(recording.bytes()))
              .build());
      ProviderConfig replayed =
          ProviderConfig.of(
              config.name(),
              config.type(),
              URI.create("http://127.0.0.1:" + server.getPort() + config.baseUrl().getPath()));
      try (ProviderClient client =
          ProviderClient.of(replayed, new SimpleMeterRegistry(), Clock.systemUTC())) {
        ChatAnswer answer = ProviderBed.answer(client.call(request).run(event -> {}));
        if (each.tools) {
          assertThat(answer.toolCalls()).as("%s: tool calls", each).isNotEmpty();
        } else {
          assertThat(answer.text()).as("%s: text", each).isNotBlank();
        }
      }
    }
  }
}
