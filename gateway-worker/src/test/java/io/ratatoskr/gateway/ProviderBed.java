package io.ratatoskr.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.chat.ChatAnswer;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.ChatInput;
import io.ratatoskr.schemas.chat.ChatMessage;
import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.chat.ToolChoice;
import io.ratatoskr.schemas.chat.ToolDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A provider beside a server on a real socket that says what it is told to. */
abstract class ProviderBed {
  static final String TEXT = "The harvest is small, naïve 東京 🐿.";
  static final String THOUGHT = "First the frost, then the drought.";
  static final String KEY = "sk-marked-4711";
  static final ToolDefinition WEATHER =
      ToolDefinition.of(
          "get_weather",
          "The weather of a town.",
          "{\"type\":\"object\",\"properties\":{\"town\":{\"type\":\"string\"}}}");
  static final ChatMessage QUESTION = ChatMessage.user("How is the harvest?");
  private static final Duration LONG = Duration.ofMinutes(2);

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<ProviderClient> clients = new ArrayList<>();
  final MockWebServer server = new MockWebServer();

  abstract ProviderFacade facade();

  @BeforeEach
  void start() throws IOException {
    server.start(InetAddress.getLoopbackAddress(), 0);
  }

  @AfterEach
  void stop() {
    clients.forEach(ProviderClient::close);
    server.close();
  }

  ProviderConfig config() {
    return ProviderConfig.of(
            facade().folder(),
            facade().type(),
            URI.create("http://127.0.0.1:" + server.getPort() + facade().basePath()))
        .withSecret(Secret.of(KEY));
  }

  ProviderClient client(ProviderConfig config) {
    ProviderClient client = ProviderClient.of(config, meters, Clock.systemUTC());
    clients.add(client);
    return client;
  }

  static ChatInput input(ChatOptions options) {
    return ChatInput.of(List.of(QUESTION), options);
  }

  static ChatInput withTools(ChatMessage... more) {
    List<ChatMessage> messages = new ArrayList<>(List.of(QUESTION));
    messages.addAll(List.of(more));
    return new ChatInput(messages, List.of(WEATHER), ToolChoice.auto(), ChatOptions.defaults());
  }

  static ProviderRequest request(ChatInput input, boolean stream) {
    return new ProviderRequest(input, "m", stream, Instant.now().plus(LONG), "asked for");
  }

  String bytes(String file) {
    String name = "/io/ratatoskr/gateway/" + facade().folder() + "/" + file;
    try (InputStream in = ProviderContract.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new AssertionError(name, e);
    }
  }

  MockResponse.Builder whole(String file) {
    return json(bytes(file + ".json"));
  }

  static MockResponse.Builder json(String body) {
    return new MockResponse.Builder()
        .setHeader("Content-Type", "application/json; charset=utf-8")
        .body(body);
  }

  MockResponse.Builder streamed(String file) {
    return new MockResponse.Builder()
        .setHeader("Content-Type", facade().streamType())
        .chunkedBody(bytes(file + facade().streamEnding()), 17);
  }

  MockResponse.Builder streamed(MockResponseBody body) {
    return new MockResponse.Builder().setHeader("Content-Type", facade().streamType()).body(body);
  }

  ProviderOutcome run(MockResponse.Builder response, ProviderRequest request) {
    return run(response, request, event -> {});
  }

  ProviderOutcome run(
      MockResponse.Builder response, ProviderRequest request, Consumer<ChatEvent> sink) {
    server.enqueue(response.build());
    return client(config()).call(request).run(sink);
  }

  ProviderOutcome streamedOutcome(MockResponse.Builder response) {
    return run(response, request(input(ChatOptions.defaults()), true));
  }

  static ChatAnswer answer(ProviderOutcome outcome) {
    assertThat(outcome).isInstanceOf(ProviderOutcome.Answered.class);
    return ((ProviderOutcome.Answered) outcome).answer();
  }

  static InferenceError error(ProviderOutcome outcome) {
    assertThat(outcome).isInstanceOf(ProviderOutcome.Failed.class);
    return ((ProviderOutcome.Failed) outcome).error();
  }

  static void assertFailed(ProviderOutcome outcome, ErrorCode code, boolean isTransient) {
    assertThat(error(outcome).code()).isEqualTo(code);
    assertThat(error(outcome).isTransient()).isEqualTo(isTransient);
    assertThat(error(outcome).message()).doesNotContain(KEY);
  }

  RecordedRequest received() throws InterruptedException {
    return Objects.requireNonNull(server.takeRequest(30, TimeUnit.SECONDS), "no request came");
  }

  /** The body of the next request. */
  Document sent() throws InterruptedException {
    return body(received());
  }

  static Document body(RecordedRequest request) {
    return new Document(Document.node(Objects.requireNonNull(request.getBody()).utf8()));
  }

  /** Runs a call on a thread of its own. */
  static CompletableFuture<ProviderOutcome> running(ProviderCall call, Consumer<ChatEvent> sink) {
    CompletableFuture<ProviderOutcome> outcome = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> outcome.complete(call.run(sink)));
    return outcome;
  }
}
