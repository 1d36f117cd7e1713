package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.ChatOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider behind TLS that knows HTTP/2, its certificate trusted as the JVM is told to. */
class Http2IT {
  private static final String PASSWORD = "changeit";

  private final MockWebServer server = new MockWebServer();
  private final Map<String, String> trust =
      Map.of(
          "javax.net.ssl.trustStore", "",
          "javax.net.ssl.trustStorePassword", PASSWORD,
          "javax.net.ssl.trustStoreType", "PKCS12");

  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException, GeneralSecurityException {
    HeldCertificate own =
        new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("own", own.certificate());
    Path file = folder.resolve("trust.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    trust.forEach(
        (key, value) -> System.setProperty(key, value.isEmpty() ? file.toString() : value));
    server.useHttps(
        new HandshakeCertificates.Builder().heldCertificate(own).build().sslSocketFactory());
    server.start(InetAddress.getLoopbackAddress(), 0);
  }

  @AfterEach
  void stop() {
    trust.keySet().forEach(System::clearProperty);
    server.close();
  }

  private ProviderCall call() {
    ProviderConfig config =
        ProviderConfig.of(
            "p", ProviderType.OPENAI, URI.create("https://127.0.0.1:" + server.getPort()));
    return ProviderClient.of(config, new SimpleMeterRegistry(), Clock.systemUTC())
        .call(ProviderBed.request(ProviderBed.input(ChatOptions.defaults()), true));
  }

  private static MockResponse.Builder stream() {
    return new MockResponse.Builder().setHeader("Content-Type", "text/event-stream");
  }

  @Test
  void answer_comesOverHttp2() throws InterruptedException {
    server.enqueue(
        stream()
            .body(
                """
                data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}

                data: [DONE]

                """)
            .build());

    assertThat(ProviderBed.answer(call().run(event -> {})).text()).isEqualTo("hi");

    RecordedRequest request = server.takeRequest();
    assertThat(request.getVersion()).isEqualTo("HTTP/2");
  }

  @Test
  void cancel_resetsTheStreamAtOnce() {
    CompletableFuture<Void> hungUp = new CompletableFuture<>();
    String piece = "data: {\"choices\":[{\"delta\":{\"content\":\"word \"}}]}\n\n";
    server.enqueue(
        stream()
            .body(new FaultContract.Endless(piece, hungUp))
            .throttleBody(1024, 5, TimeUnit.MILLISECONDS)
            .build());
    ProviderCall call = call();
    List<ChatEvent> events = new CopyOnWriteArrayList<>();
    CompletableFuture<ProviderOutcome> outcome = ProviderBed.running(call, events::add);
    await().until(() -> events.size() > 3);

    call.cancel();

    assertThat(ProviderBed.error(outcome.orTimeout(30, TimeUnit.SECONDS).join()).code())
        .isEqualTo(ErrorCode.CANCELLED);
    assertThat(hungUp).succeedsWithin(Duration.ofSeconds(30));
  }
}
