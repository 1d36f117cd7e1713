package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.ChatOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * What holds for every provider, over real sockets and the bytes of {@code sources.md}. A provider
 * brings a {@link ProviderFacade}, not tests.
 */
abstract class ProviderContract extends FaultContract {
  @Test
  void cancel_inTheMiddle_closesTheConnection() {
    CompletableFuture<Void> hungUp = new CompletableFuture<>();
    server.enqueue(
        streamed(new Endless(facade().piece(), hungUp))
            .throttleBody(1024, 5, TimeUnit.MILLISECONDS)
            .build());
    ProviderCall call = client(config()).call(request(input(ChatOptions.defaults()), true));
    List<ChatEvent> events = new CopyOnWriteArrayList<>();
    CompletableFuture<ProviderOutcome> outcome = running(call, events::add);
    await().until(() -> events.size() > 3);

    call.cancel();

    assertFailed(outcome.orTimeout(30, TimeUnit.SECONDS).join(), ErrorCode.CANCELLED, false);
    assertThat(hungUp.orTimeout(30, TimeUnit.SECONDS)).succeedsWithin(Duration.ofSeconds(30));
  }

  @Test
  void cancel_beforeTheAnswer_orBeforeTheCall_endsIt() throws InterruptedException {
    server.enqueue(streamed("streamed").headersDelay(1, TimeUnit.HOURS).build());
    ProviderClient client = client(config());
    ProviderCall waiting = client.call(request(input(ChatOptions.defaults()), true));
    CompletableFuture<ProviderOutcome> outcome = running(waiting, event -> {});
    received();
    waiting.cancel();
    ProviderCall early = client.call(request(input(ChatOptions.defaults()), true));
    early.cancel();

    assertFailed(outcome.orTimeout(30, TimeUnit.SECONDS).join(), ErrorCode.CANCELLED, false);
    assertFailed(early.run(event -> {}), ErrorCode.CANCELLED, false);
    assertThat(server.getRequestCount()).isOne();
  }

  /** A place is kept until the answer is read; who waits for one can be cancelled too. */
  @Test
  void call_beyondTheLimit_waitsForItsPlace() throws InterruptedException {
    server.enqueue(streamed("streamed").bodyDelay(1, TimeUnit.HOURS).build());
    server.enqueue(streamed("streamed").build());
    ProviderClient client =
        client(config().withLimits(ProviderLimits.defaults().withConcurrent(1)));
    ProviderRequest request = request(input(ChatOptions.defaults()), true);
    ProviderCall first = client.call(request);
    CompletableFuture<ProviderOutcome> running = running(first, event -> {});
    received();
    ProviderCall second = client.call(request);
    CompletableFuture<ProviderOutcome> given = running(second, event -> {});
    ProviderCall third = client.call(request);
    CompletableFuture<ProviderOutcome> waiting = running(third, event -> {});

    second.cancel();
    assertFailed(given.orTimeout(30, TimeUnit.SECONDS).join(), ErrorCode.CANCELLED, false);
    assertThat(server.getRequestCount()).isOne();
    first.cancel();
    assertFailed(running.orTimeout(30, TimeUnit.SECONDS).join(), ErrorCode.CANCELLED, false);
    assertThat(answer(waiting.orTimeout(30, TimeUnit.SECONDS).join()).text()).isEqualTo(TEXT);
  }

  @Test
  void sink_thatThrows_endsTheCall() {
    ProviderClient client =
        client(config().withLimits(ProviderLimits.defaults().withConcurrent(1)));
    server.enqueue(streamed("streamed").build());
    server.enqueue(whole("plain").build());
    ProviderCall call = client.call(request(input(ChatOptions.defaults()), true));

    assertThatThrownBy(() ->
            call.run(event -> {
              throw new IllegalArgumentException("full");
            }))
        .hasMessage("full");
    assertThatIllegalStateException().isThrownBy(() -> call.run(event -> {}));
    ProviderRequest next = request(input(ChatOptions.defaults()), false);
    assertThat(answer(client.call(next).run(event -> {})).text()).isEqualTo(TEXT);
  }

  @Test
  void meters_countCallsAndTokens() {
    answer(run(whole("plain"), request(input(ChatOptions.defaults()), false)));
    error(streamedOutcome(whole("error-server").code(500)));

    assertThat(
            meters
                .get(GatewayMetrics.Meter.CALLS.meterName())
                .tags("provider", facade().folder(), "status", "200")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(
            meters
                .get(GatewayMetrics.Meter.TOKENS.meterName())
                .tags("direction", "prompt")
                .counter()
                .count())
        .isEqualTo(12);
    assertThat(
            meters
                .get(GatewayMetrics.Meter.FAILURES.meterName())
                .tags("error", "Api")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(meters.get(GatewayMetrics.Meter.IN_FLIGHT.meterName()).gauge().value()).isZero();
  }

  @Test
  void certificate_thatIsNotTrusted_isAMatterOfConfiguration() {
    HeldCertificate own =
        new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build();
    server.useHttps(
        new HandshakeCertificates.Builder().heldCertificate(own).build().sslSocketFactory());
    URI url = URI.create("https://127.0.0.1:" + server.getPort() + facade().basePath());
    ProviderConfig config = ProviderConfig.of("p", facade().type(), url);

    assertFailed(
        client(config).call(request(input(ChatOptions.defaults()), true)).run(event -> {}),
        ErrorCode.CONFIGURATION,
        false);
  }

  @Test
  void key_standsInNoLog_evenInFullDetail() {
    Logger all = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Logger ours = (Logger) LoggerFactory.getLogger("io.ratatoskr");
    ListAppender<ILoggingEvent> seen = new ListAppender<>();
    Level before = ours.getLevel();
    seen.start();
    all.addAppender(seen);
    ours.setLevel(Level.TRACE);
    try {
      answer(run(whole("plain"), request(input(ChatOptions.defaults()), false)));
      error(streamedOutcome(json(bytes("error-auth.json").replace("KEY", KEY)).code(401)));
    } finally {
      ours.setLevel(before);
      all.detachAppender(seen);
    }
    assertThat(seen.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .anyMatch(line -> line.contains(facade().target()) && line.contains("401"))
        .noneMatch(line -> line.contains(KEY));
    assertThat(config().toString()).doesNotContain(KEY);
  }
}
