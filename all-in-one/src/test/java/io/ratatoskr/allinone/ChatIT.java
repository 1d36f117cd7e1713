package io.ratatoskr.allinone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.client.ChatReply;
import io.ratatoskr.client.ChatRequest;
import io.ratatoskr.client.ChatStream;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.GenerateReply;
import io.ratatoskr.client.GenerateRequest;
import io.ratatoskr.client.Handle;
import io.ratatoskr.client.Provenance;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.client.Submitted;
import io.ratatoskr.gateway.ProviderConfig;
import io.ratatoskr.gateway.ProviderEmbeddings;
import io.ratatoskr.gateway.ProviderModel;
import io.ratatoskr.gateway.ProviderType;
import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.chat.ChatReducer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Chat through a whole pipeline, with a server of HTTP in place of the provider. */
@Timeout(180)
class ChatIT {
  private static final String MODEL = "tiny";

  @TempDir private Path folder;
  private final MockWebServer server = new MockWebServer();

  @BeforeEach
  void start() throws Exception {
    server.start(InetAddress.getLoopbackAddress(), 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private EmbeddedRatatoskr pipeline(Location location) throws InterruptedException {
    return pipeline(
        ProviderConfig.of("stub", ProviderType.OPENAI, server.url("/v1").uri())
            .withLocation(location)
            .withModels(List.of(ProviderModel.of(MODEL))));
  }

  private EmbeddedRatatoskr pipeline(ProviderConfig provider) throws InterruptedException {
    return EmbeddedRatatoskr.start(
        new PipelineConfig(
            folder.resolve("data"),
            0,
            Deployment.allInOne(),
            EnumSet.of(WorkerKind.GATEWAY),
            Configuration.of(Configuration.allInOne())
                .withLanes(EnumSet.of(Lane.INTERACTIVE))
                .withProvider(provider)
                .withProvidersAlone()));
  }

  private static String event(String content) {
    return "data: {\"model\":\"tiny-2026\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
        + content
        + "\"}}]}\n\n";
  }

  private static final String END =
      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
          + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,"
          + "\"total_tokens\":5}}\n\n"
          + "data: [DONE]\n\n";

  private static MockResponse.Builder stream(String body) {
    return new MockResponse.Builder()
        .addHeader("Content-Type", "text/event-stream")
        .chunkedBody(body, 64);
  }

  private static MockResponse whole(String content) {
    return new MockResponse.Builder()
        .addHeader("Content-Type", "application/json")
        .body(
            """
            {"model": "tiny-2026", "choices": [{"index": 0, "finish_reason": "stop",
              "message": {"role": "assistant", "content": "%s"}}],
              "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}}
            """
                .formatted(content))
        .build();
  }

  private JsonNode asked() throws InterruptedException {
    RecordedRequest request = requireNonNull(server.takeRequest(30, TimeUnit.SECONDS));
    return JsonMapper.shared().readTree(requireNonNull(request.getBody()).utf8());
  }

  @Test
  void chat_aWholeAnswer_saysWhoGaveIt() throws Exception {
    server.enqueue(whole("Hello"));
    try (Ratatoskr ratatoskr = pipeline(Location.LOCAL)) {
      ChatReply reply = ratatoskr.chat(ChatRequest.of(MODEL, "Hi").withSystem("Be brief.")).join();

      assertThat(reply.text()).isEqualTo("Hello");
      assertThat(reply.answer().usage().completionTokens()).hasValue(2);
      assertThat(reply.provenance().provider()).isEqualTo("stub");
      assertThat(reply.provenance().model()).isEqualTo(MODEL);
      assertThat(reply.provenance().revision()).isEqualTo("tiny-2026");
      assertThat(reply.provenance().location()).isEqualTo(Location.LOCAL);
      JsonNode asked = asked();
      assertThat(asked.path("model").asString()).isEqualTo(MODEL);
      assertThat(asked.path("messages").get(0).path("role").asString()).isEqualTo("system");

      server.enqueue(whole("Traced"));
      String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-";
      ratatoskr
          .chat(
              ChatRequest.of(MODEL, "Hi")
                  .withOptions(
                      RequestOptions.defaults().withTraceparent(trace + "00f067aa0ba902b7-01")))
          .join();
      assertThat(requireNonNull(server.takeRequest(30, TimeUnit.SECONDS)).getHeaders())
          .filteredOn(header -> header.getFirst().equals("traceparent"))
          .singleElement()
          .satisfies(header -> assertThat(header.getSecond()).startsWith(trace));

      server.enqueue(whole("upon a time"));
      GenerateReply generated = ratatoskr.generate(GenerateRequest.of(MODEL, "Once")).join();
      assertThat(generated.text()).isEqualTo("upon a time");
    }
  }

  @Test
  void anAnswerThatWasRead_outlivesThePipelinesRestart() throws Exception {
    server.enqueue(whole("Kept"));
    Handle handle;
    try (Ratatoskr ratatoskr = pipeline(Location.LOCAL)) {
      Submitted<ChatReply> submitted = ratatoskr.submit(ChatRequest.of(MODEL, "Hi"));
      handle = submitted.handle().join();
      assertThat(submitted.reply().join().text()).isEqualTo("Kept");
    }
    try (Ratatoskr ratatoskr = pipeline(Location.LOCAL)) {
      assertThat(ratatoskr.await(handle, ChatReply.class).join().text()).isEqualTo("Kept");
      assertThat(server.getRequestCount()).isEqualTo(1);
    }
  }

  @Test
  void chatStream_eventsComeInOrder_andMakeTheAnswer() throws Exception {
    StringBuilder body = new StringBuilder();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      body.append(event(i + " "));
      text.append(i).append(' ');
    }
    server.enqueue(stream(body + END).build());
    try (Ratatoskr ratatoskr = pipeline(Location.LOCAL);
        ChatStream<ChatReply> stream = ratatoskr.chatStream(ChatRequest.of(MODEL, "Count"))) {
      List<ChatEvent> events = new ArrayList<>();
      stream.forEach(events::add);

      assertThat(events.getFirst())
          .isEqualTo(new ChatEvent.Started("stub", MODEL, Location.LOCAL, "asked for"));
      assertThat(events.getLast()).isInstanceOf(ChatEvent.Done.class);
      assertThat(events).noneMatch(ChatEvent.AttemptAborted.class::isInstance);
      ChatReply reply = stream.reply().join();
      assertThat(reply.text()).isEqualTo(text.toString());
      assertThat(ChatReducer.answerOf(events).orElseThrow().text()).isEqualTo(reply.text());
      assertThat(stream.handle()).isPresent();
    }
  }

  @Test
  void chatStream_thatIsCutHalfWay_beginsAnew_andEndsWholly() throws Exception {
    server.enqueue(
        stream(event("Onc") + event("e up")).onResponseEnd(new SocketEffect.CloseSocket()).build());
    server.enqueue(stream(event("Twice ") + event("told") + END).build());
    try (Ratatoskr ratatoskr = pipeline(Location.LOCAL);
        ChatStream<ChatReply> stream = ratatoskr.chatStream(ChatRequest.of(MODEL, "Tell"))) {
      List<ChatEvent> events = new ArrayList<>();
      stream.forEach(events::add);

      assertThat(ChatReducer.answerOf(events).orElseThrow().text()).isEqualTo("Twice told");
      // One more where the connection that the provider has closed is taken for the second one.
      assertThat(stream.reply().join().provenance().attempts()).isBetween(2, 3);
    }
  }

  /** Answers without end, and says when its caller has hung up. */
  private static final class EndlessServer implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
    private final CompletableFuture<Void> hungUp = new CompletableFuture<>();

    EndlessServer() throws IOException {
      Thread.ofVirtual().start(this::serve);
    }

    URI url() {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/v1");
    }

    private void serve() {
      try (Socket connection = socket.accept()) {
        OutputStream out = connection.getOutputStream();
        out.write(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                .getBytes(UTF_8));
        while (true) {
          out.write(event("and on ").getBytes(UTF_8));
          out.flush();
          Thread.sleep(20);
        }
      } catch (IOException e) {
        hungUp.complete(null);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void aStreamThatIsClosed_closesTheProvidersConnection_andIsCancelled() throws Exception {
    try (EndlessServer endless = new EndlessServer();
        Ratatoskr ratatoskr =
            pipeline(ProviderConfig.of("endless", ProviderType.OPENAI, endless.url()))) {
      ChatStream<ChatReply> stream = ratatoskr.chatStream(ChatRequest.of(MODEL, "Go on"));
      Iterator<ChatEvent> events = stream.iterator();
      while (!(events.next() instanceof ChatEvent.Content)) {
        // Until the answer has begun.
      }
      stream.close();

      assertThat(stream.reply()).isCancelled();
      endless.hungUp.get(60, TimeUnit.SECONDS);
      assertThatThrownBy(() -> events.forEachRemaining(event -> {}))
          .isInstanceOfSatisfying(
              RequestFailedException.class,
              e -> assertThat(e.error().code()).isEqualTo(ErrorCode.CANCELLED));
    }
  }

  @Test
  void aRemoteProvider_isAskedWithConsentAlone() throws Exception {
    server.enqueue(whole("Hello"));
    try (Ratatoskr ratatoskr = pipeline(Location.REMOTE)) {
      ChatRequest request = ChatRequest.of(MODEL, "Hi");
      assertThatThrownBy(ratatoskr.chat(request)::join)
          .cause()
          .isInstanceOfSatisfying(
              RequestFailedException.class,
              e -> assertThat(e.error().code()).isEqualTo(ErrorCode.CONSENT_REQUIRED));
      assertThat(server.getRequestCount()).isZero();

      ChatReply reply =
          ratatoskr
              .chat(
                  request.withOptions(
                      RequestOptions.defaults().withDataPolicy(DataPolicy.REMOTE_ALLOWED)))
              .join();
      assertThat(reply.provenance().location()).isEqualTo(Location.REMOTE);
    }
  }

  @Test
  void anAnswerAtTemperatureZero_isKept_whereTheRequestSaysSo() throws Exception {
    server.enqueue(whole("once"));
    server.enqueue(whole("again"));
    try (Ratatoskr ratatoskr = pipeline(Location.LOCAL)) {
      ChatRequest kept =
          ChatRequest.of(MODEL, "Hi")
              .withChatOptions(ChatOptions.builder().temperature(0).build())
              .withOptions(RequestOptions.defaults().withCache(CacheMode.ON));
      assertThat(ratatoskr.chat(kept).join().text()).isEqualTo("once");
      ChatReply second = ratatoskr.chat(kept).join();
      assertThat(second.text()).isEqualTo("once");
      assertThat(second.provenance().cache()).isEqualTo(Provenance.CacheUse.HIT);

      assertThat(ratatoskr.chat(kept.withOptions(RequestOptions.defaults())).join().text())
          .isEqualTo("again");
    }
  }

  private static MockResponse vectors(String... vectors) {
    StringBuilder data = new StringBuilder();
    for (int i = 0; i < vectors.length; i++) {
      data.append(i == 0 ? "" : ",")
          .append("{\"index\": %d, \"embedding\": %s}".formatted(i, vectors[i]));
    }
    return new MockResponse.Builder()
        .addHeader("Content-Type", "application/json")
        .body(
            "{\"model\": \"vec-1\", \"data\": [%s], \"usage\": {\"prompt_tokens\": 6}}"
                .formatted(data))
        .build();
  }

  /** Beside a model that the same provider writes with; neither is asked for the other's work. */
  @Test
  void embed_throughAProvider_isWhatLocalModelsAnswer_andIsKept() throws Exception {
    server.enqueue(vectors("[1, 2]", "[3, 4]"));
    try (Ratatoskr ratatoskr =
        pipeline(
            ProviderConfig.of("stub", ProviderType.OPENAI, server.url("/v1").uri())
                .withModels(List.of(ProviderModel.of(MODEL)))
                .withEmbeddings(ProviderEmbeddings.of("vec")))) {
      EmbedReply reply = ratatoskr.embed(EmbedRequest.of("vec", "one", "", "two")).join();

      assertThat(reply.model()).isEqualTo("vec");
      assertThat(reply.spaceId()).matches("[0-9a-f]{16}");
      assertThat(reply.dimensions()).isEqualTo(2);
      assertThat(reply.items().get(0))
          .isInstanceOfSatisfying(
              EmbedReply.Embedded.class,
              one -> {
                assertThat(one.vector()).containsExactly(1, 2);
                assertThat(one.usedTokens()).isEqualTo(3);
                assertThat(one.truncated()).isFalse();
              });
      assertThat(reply.items().get(1))
          .isInstanceOfSatisfying(
              EmbedReply.Failed.class,
              failed -> assertThat(failed.error().code()).isEqualTo(ErrorCode.INVALID_INPUT));
      assertThat(reply.provenance().provider()).isEqualTo("stub");
      assertThat(reply.provenance().revision()).isEqualTo("vec-1");
      JsonNode asked = asked();
      assertThat(asked.path("model").asString()).isEqualTo("vec");
      assertThat(asked.path("input")).hasSize(2);

      server.enqueue(vectors("[1, 2]"));
      EmbedRequest kept =
          EmbedRequest.of("vec", "one")
              .withOptions(RequestOptions.defaults().withCache(CacheMode.ON));
      assertThat(ratatoskr.embed(kept).join().spaceId()).isEqualTo(reply.spaceId());
      EmbedReply again = ratatoskr.embed(kept).join();
      assertThat(again.provenance().cache()).isEqualTo(Provenance.CacheUse.HIT);
      assertThat(again.vector()).containsExactly(1, 2);
      assertNotFound(ratatoskr.embed(EmbedRequest.of(MODEL, "one")));
      assertNotFound(ratatoskr.chat(ChatRequest.of("vec", "Hi")));
      assertThat(server.getRequestCount()).isEqualTo(2);
    }
  }

  private static void assertNotFound(CompletableFuture<?> reply) {
    assertThatThrownBy(reply::join)
        .cause()
        .isInstanceOfSatisfying(
            RequestFailedException.class,
            e -> assertThat(e.error().code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND));
  }

  @Test
  void aModelThatNoProviderHas_isNotFound() throws Exception {
    try (Ratatoskr ratatoskr = pipeline(Location.LOCAL)) {
      assertNotFound(ratatoskr.chat(ChatRequest.of("other", "Hi")));
    }
  }
}
