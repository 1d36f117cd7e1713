package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.chat.ChatInput;
import io.ratatoskr.schemas.chat.ChatMessage;
import io.ratatoskr.schemas.chat.ChatOptions;
import java.io.IOException;
import java.lang.Thread.State;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server of Ollama that holds one model, and loads another one when it is asked for that. */
@Timeout(120)
class OllamaLoadsIT {
  private final MockWebServer server = new MockWebServer();
  private final AtomicInteger loads = new AtomicInteger();
  private final AtomicInteger mixed = new AtomicInteger();
  private final CountDownLatch open = new CountDownLatch(1);
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private String loaded = "";
  private int underWay;

  @BeforeEach
  void start() throws IOException {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
            String model =
                new Document(Document.node(Objects.requireNonNull(request.getBody()).utf8()))
                    .text("model");
            begins(model);
            arrived.countDown();
            assertThat(open.await(60, TimeUnit.SECONDS)).isTrue();
            ends();
            return answer(model);
          }
        });
    server.start(InetAddress.getLoopbackAddress(), 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private synchronized void begins(String model) {
    if (!model.equals(loaded)) {
      loads.incrementAndGet();
      if (underWay > 0) {
        mixed.incrementAndGet();
      }
      loaded = model;
    }
    underWay++;
  }

  private synchronized void ends() {
    underWay--;
  }

  private static MockResponse answer(String model) {
    return new MockResponse.Builder()
        .addHeader("Content-Type", "application/json")
        .body(
            """
            {"model": "%s", "message": {"role": "assistant", "content": "yes"}, "done": true,
              "done_reason": "stop", "prompt_eval_count": 1, "eval_count": 1}
            """
                .formatted(model))
        .build();
  }

  private ProviderClient client(int concurrent) {
    return ProviderClient.of(
        ProviderConfig.of("ollama", ProviderType.OLLAMA, server.url("/").uri())
            .withLimits(ProviderLimits.defaults().withConcurrent(concurrent)),
        new SimpleMeterRegistry(),
        Clock.systemUTC());
  }

  private static ProviderCall call(ProviderClient client, String model) {
    return client.call(
        new ProviderRequest(
            ChatInput.of(List.of(ChatMessage.user("Is it?")), ChatOptions.defaults()),
            model,
            false,
            Instant.now().plusSeconds(90),
            "asked for"));
  }

  private CompletableFuture<ProviderOutcome> running(ProviderCall call) {
    CompletableFuture<ProviderOutcome> outcome = new CompletableFuture<>();
    threads.add(Thread.ofVirtual().start(() -> outcome.complete(call.run(event -> {}))));
    return outcome;
  }

  /** Until each call is at the server, which holds it, or waits here. */
  private void awaitAllHeld() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            threads.stream()
                .map(Thread::getState)
                .allMatch(state -> state == State.WAITING || state == State.TIMED_WAITING));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 256})
  void twoModelsThatAlternate_over100Requests_areLoadedTenTimesAtMost(int concurrent) {
    try (ProviderClient client = client(concurrent)) {
      List<CompletableFuture<ProviderOutcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        outcomes.add(running(call(client, i % 2 == 0 ? "a" : "b")));
      }
      awaitAllHeld();
      open.countDown();
      assertThat(outcomes)
          .allSatisfy(
              outcome -> assertThat(outcome.join()).isInstanceOf(ProviderOutcome.Answered.class));
    }
    assertThat(loads.get()).isBetween(2, 10);
    assertThat(mixed.get()).isZero();
  }

  @Test
  void callThatWaitsForItsTurn_canBeCancelled() throws InterruptedException {
    try (ProviderClient client = client(256)) {
      CompletableFuture<ProviderOutcome> first = running(call(client, "a"));
      assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();
      ProviderCall other = call(client, "b");
      CompletableFuture<ProviderOutcome> waiting = running(other);

      other.cancel();

      assertThat(waiting.join())
          .isInstanceOfSatisfying(
              ProviderOutcome.Failed.class,
              failed -> assertThat(failed.error().code()).isEqualTo(ErrorCode.CANCELLED));
      open.countDown();
      assertThat(first.join()).isInstanceOf(ProviderOutcome.Answered.class);
      assertThat(loads.get()).isOne();
    }
  }
}
