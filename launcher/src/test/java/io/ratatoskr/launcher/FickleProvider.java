package io.ratatoskr.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A provider whose answer to a prompt tells the prompt, while its mood is good. */
final class FickleProvider implements AutoCloseable {
  /** How long an answer takes, so that a kill finds some under way. */
  private static final int ANSWER_MS = 150;

  /** What it does with a call. */
  enum Mood {
    /** It answers. */
    WELL,
    /** It refuses for the time being. */
    DOWN,
    /** Its status says that all is well, and its body that it is not. */
    LIES,
    /** Somebody else answers, such as a proxy with its page. */
    STRANGER,
    /** It breaks the connection off. */
    BREAKS_OFF
  }

  private final MockWebServer server = new MockWebServer();
  private final AtomicInteger answers = new AtomicInteger();
  private volatile Mood mood = Mood.WELL;

  FickleProvider() {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer(request);
          }
        });
    try {
      server.start(InetAddress.getLoopbackAddress(), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("No provider", e);
    }
  }

  /** What it answers to a prompt. */
  static String answerTo(String prompt) {
    return "You said: " + prompt;
  }

  private MockResponse answer(RecordedRequest request) {
    MockResponse.Builder json =
        new MockResponse.Builder().addHeader("Content-Type", "application/json");
    return switch (mood) {
      case WELL -> {
        answers.incrementAndGet();
        yield json.body(whole(request)).headersDelay(ANSWER_MS, TimeUnit.MILLISECONDS).build();
      }
      case DOWN -> json.code(503).body("{\"error\":{\"message\":\"not now\"}}").build();
      case LIES -> json.body("{\"error\":{\"message\":\"out of memory\"}}").build();
      case STRANGER ->
          new MockResponse.Builder()
              .addHeader("Content-Type", "text/html")
              .body("<html>Sign in</html>")
              .build();
      case BREAKS_OFF ->
          new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
    };
  }

  private static String whole(RecordedRequest request) {
    JsonNode asked = JsonMapper.shared().readTree(Objects.requireNonNull(request.getBody()).utf8());
    String prompt = asked.path("messages").path(0).path("content").asString();
    ObjectNode answer = JsonMapper.shared().createObjectNode();
    ObjectNode choice = answer.putArray("choices").addObject().put("finish_reason", "stop");
    choice.putObject("message").put("role", "assistant").put("content", answerTo(prompt));
    return answer.toString();
  }

  void be(Mood next) {
    mood = next;
  }

  /** Calls that it has answered, whoever still waited. */
  int answers() {
    return answers.get();
  }

  String baseUrl() {
    return server.url("/v1").toString();
  }

  @Override
  public void close() {
    server.close();
  }
}
