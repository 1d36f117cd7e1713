package io.ratatoskr.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.ChatOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.SocketEffect;
import okio.BufferedSink;
import org.junit.jupiter.api.Test;

/** What holds for the refusals and faults of every provider: a typed outcome, in bounded memory. */
abstract class FaultContract extends AnswerContract {
  @Test
  void refusal_ofEachKind_isTyped() {
    facade()
        .codes()
        .forEach((file, refusal) -> {
          MockResponse.Builder response =
              json(bytes(file + ".json").replace("KEY", KEY)).code(refusal.status());

          InferenceError error = error(streamedOutcome(response));

          assertThat(error.code().wireName()).as(file).isEqualTo(refusal.error());
          assertThat(error.isTransient()).as(file).isEqualTo(refusal.isTransient());
          assertThat(error.message()).as(file).isNotBlank().doesNotContain(KEY);
        });
  }

  @Test
  void refusal_withoutAnythingReadable_isTypedByItsStatus() {
    for (int status : new int[] {500, 502, 503, 504, 529}) {
      MockResponse.Builder page =
          new MockResponse.Builder()
              .code(status)
              .setHeader("Content-Type", "text/html")
              .body("<html>" + "x".repeat(100_000));
      InferenceError error = error(streamedOutcome(page));

      assertThat(error.code()).isEqualTo(ErrorCode.API);
      assertThat(error.details()).containsEntry("status", Integer.toString(status));
      assertThat(error.isTransient()).isTrue();
    }
    assertFailed(streamedOutcome(new MockResponse.Builder().code(404)), ErrorCode.API, false);
    assertFailed(
        streamedOutcome(
            new MockResponse.Builder().code(302).setHeader("Location", "http://127.0.0.1:1/")),
        ErrorCode.API,
        false);
    assertFailed(
        streamedOutcome(new MockResponse.Builder().code(429)), ErrorCode.RATE_LIMITED, true);
  }

  @Test
  void refusal_withAPause_saysHowLong() {
    MockResponse.Builder refusal = whole("error-rate").code(429);
    DateTimeFormatter dates = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    assertThat(error(streamedOutcome(refusal.setHeader("Retry-After", "20"))).retryAfter())
        .contains(Duration.ofSeconds(20));
    assertThat(
            error(
                    streamedOutcome(
                        whole("error-rate")
                            .code(429)
                            .setHeader("Retry-After", dates.format(Instant.now().plusSeconds(90)))))
                .retryAfter()
                .orElseThrow())
        .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(90));
    assertThat(
            error(streamedOutcome(whole("error-server").code(503).setHeader("Retry-After", "1.5")))
                .retryAfter())
        .contains(Duration.ofMillis(1500));
    assertThat(error(streamedOutcome(whole("error-rate").code(429))).retryAfter()).isEmpty();
  }

  /** Once a provider wants a pause, further calls do not reach it. */
  @Test
  void call_whileTheProviderWantsAPause_isRefusedHere() {
    server.enqueue(whole("error-rate").code(429).setHeader("Retry-After", "20").build());
    ProviderClient client = client(config());
    ProviderRequest request = request(input(ChatOptions.defaults()), true);
    client.call(request).run(event -> {});

    InferenceError error = error(client.call(request).run(event -> {}));

    assertThat(error.code()).isEqualTo(ErrorCode.RATE_LIMITED);
    assertThat(error.retryAfter().orElseThrow()).isPositive();
    assertThat(server.getRequestCount()).isOne();
  }

  @Test
  void error_inPlaceOfAnAnswer_isTyped() {
    assertThat(error(streamedOutcome(whole("within"))).isTransient()).isTrue();
    List<ChatEvent> events = new ArrayList<>();

    ProviderOutcome outcome =
        run(streamed("within"), request(input(ChatOptions.defaults()), true), events::add);

    assertThat(error(outcome).isTransient()).isTrue();
    assertThat(events).contains(new ChatEvent.Content("The"));
    assertThat(events).noneMatch(ChatEvent.Done.class::isInstance);
  }

  @Test
  void answer_thatEndsInTheMiddle_mayBeAskedForAgain() {
    assertFailed(streamedOutcome(streamed("unfinished")), ErrorCode.STREAM, true);
    String whole = bytes("streamed" + facade().streamEnding());
    MockResponse.Builder cut =
        new MockResponse.Builder()
            .setHeader("Content-Type", facade().streamType())
            .setHeader("Content-Length", whole.getBytes(UTF_8).length)
            .onResponseBody(new SocketEffect.CloseSocket())
            .body(whole)
            .setHeader("Content-Length", whole.getBytes(UTF_8).length);
    assertFailed(streamedOutcome(cut), ErrorCode.STREAM, true);
    MockResponse.Builder closed =
        new MockResponse.Builder()
            .setHeader("Content-Type", facade().streamType())
            .setHeader("Connection", "close")
            .body(whole.substring(0, whole.length() * 2 / 3))
            .removeHeader("Content-Length")
            .onResponseEnd(new SocketEffect.CloseSocket());
    assertFailed(streamedOutcome(closed), ErrorCode.STREAM, true);
  }

  @Test
  void server_thatHangsUpBeforeAnAnswer_isAskedOnce() {
    MockResponse.Builder hangsUp =
        new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket());

    assertFailed(streamedOutcome(hangsUp), ErrorCode.HTTP, true);
    assertThat(server.getRequestCount()).isOne();
  }

  @Test
  void server_thatIsNotThere_isNamed() {
    ProviderConfig config = config();
    server.close();

    InferenceError error =
        error(client(config).call(request(input(ChatOptions.defaults()), true)).run(event -> {}));

    assertThat(error.code()).isEqualTo(ErrorCode.HTTP);
    assertThat(error.message()).contains(config.baseUrl().toString());
  }

  @Test
  void answer_thatIsNone_isTyped() {
    assertFailed(
        run(whole("empty"), request(input(ChatOptions.defaults()), false)),
        ErrorCode.EMPTY_RESPONSE,
        true);
    assertFailed(
        streamedOutcome(
            new MockResponse.Builder()
                .setHeader("Content-Type", "text/html")
                .body("<html>Welcome</html>")),
        ErrorCode.JSON,
        false);
    assertFailed(
        streamedOutcome(new MockResponse.Builder().body("no content type")), ErrorCode.JSON, false);
    assertFailed(
        run(json("{\"id\": garbage"), request(input(ChatOptions.defaults()), false)),
        ErrorCode.JSON,
        false);
    assertFailed(
        streamedOutcome(
            new MockResponse.Builder()
                .setHeader("Content-Type", facade().streamType())
                .body("data: {garbage\n\n")),
        ErrorCode.JSON,
        false);
    assertFailed(
        streamedOutcome(
            new MockResponse.Builder().setHeader("Content-Type", facade().streamType()).body("")),
        ErrorCode.STREAM,
        true);
  }

  @Test
  void body_thatIsSilent_endsAfterItsTimeout() {
    server.enqueue(streamed("streamed").bodyDelay(1, TimeUnit.HOURS).build());
    server.enqueue(streamed("streamed").headersDelay(1, TimeUnit.HOURS).build());
    ProviderClient client =
        client(config().withTimeouts(ProviderTimeouts.defaults().withRead(Duration.ofMillis(300))));
    ProviderRequest request = request(input(ChatOptions.defaults()), true);

    assertThat(error(client.call(request).run(event -> {})).isTransient()).isTrue();
    assertFailed(client.call(request).run(event -> {}), ErrorCode.HTTP, true);
  }

  @Test
  void body_thatTrickles_endsAtTheDeadline() {
    server.enqueue(streamed("streamed").throttleBody(1, 1, TimeUnit.SECONDS).build());
    ProviderRequest soon =
        new ProviderRequest(
            input(ChatOptions.defaults()), "m", true, Instant.now().plusMillis(1500), "asked for");

    assertFailed(client(config()).call(soon).run(event -> {}), ErrorCode.EXPIRED, false);
  }

  @Test
  void call_afterItsDeadline_isNotMade() {
    ProviderRequest late =
        new ProviderRequest(
            input(ChatOptions.defaults()), "m", true, Instant.now().minusMillis(1), "late");

    assertFailed(client(config()).call(late).run(event -> {}), ErrorCode.EXPIRED, false);
    assertThat(server.getRequestCount()).isZero();
  }

  /** Writes a text until the reader hangs up. */
  record Endless(String text, CompletableFuture<Void> hungUp) implements MockResponseBody {
    Endless(String text) {
      this(text, new CompletableFuture<>());
    }

    @Override
    public long getContentLength() {
      return -1;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      String block = text.repeat(Math.max(1, 8192 / text.length()));
      try {
        while (true) {
          sink.writeUtf8(block);
        }
      } catch (IOException e) {
        hungUp.complete(null);
        throw e;
      }
    }
  }

  @Test
  void body_withoutEnd_endsAtABound() {
    ProviderOutcome answer = streamedOutcome(streamed(new Endless(facade().piece())));
    assertFailed(answer, ErrorCode.TOO_LARGE, false);
    assertThat(error(answer).details())
        .containsEntry("limit", Integer.toString(Limits.REPLY_BYTES));
    assertFailed(
        streamedOutcome(streamed(new Endless(facade().filler()))), ErrorCode.TOO_LARGE, false);
    assertFailed(streamedOutcome(streamed(new Endless("x"))), ErrorCode.TOO_LARGE, false);
    assertFailed(
        run(
            new MockResponse.Builder()
                .setHeader("Content-Type", "application/json")
                .body(new Endless(" ")),
            request(input(ChatOptions.defaults()), false)),
        ErrorCode.TOO_LARGE,
        false);
  }
}
