package io.ratatoskr.launcher.ask;

import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers of OpenAI-compatible providers. What is asked for below {@code /flaky} fails, each time
 * in another way, until it is mended.
 */
final class TestProviders extends Dispatcher {
  private static final List<MockResponse> BROKEN =
      List.of(
          new MockResponse.Builder().code(503).build(),
          json("{\"error\": {\"message\": \"overloaded\", \"code\": 503}}"),
          new MockResponse.Builder()
              .addHeader("Content-Type", "text/html")
              .body("<html><body>Bad gateway</body></html>")
              .build());

  private final Queue<String> bodies = new ConcurrentLinkedQueue<>();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile boolean mended;

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    String body = Objects.requireNonNull(request.getBody()).utf8();
    bodies.add(body);
    if (request.getTarget().startsWith("/flaky") && !mended) {
      return BROKEN.get(failures.getAndIncrement() % BROKEN.size());
    }
    return json(
        request.getTarget().endsWith("/embeddings")
            ? embeddings(body)
            : """
            {"choices": [{"index": 0, "finish_reason": "stop",
              "message": {"role": "assistant", "content": "Good day"}}],
              "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}}
            """);
  }

  private static MockResponse json(String body) {
    return new MockResponse.Builder()
        .addHeader("Content-Type", "application/json")
        .body(body)
        .build();
  }

  /** A vector of each text: how long it is. */
  private static String embeddings(String request) {
    JsonNode texts = JsonMapper.shared().readTree(request).path("input");
    StringBuilder data = new StringBuilder();
    for (int i = 0; i < texts.size(); i++) {
      data.append(i == 0 ? "" : ",")
          .append(
              "{\"index\": %d, \"embedding\": [%d, 1]}"
                  .formatted(i, texts.get(i).asString().length()));
    }
    return "{\"model\": \"vec\", \"data\": [%s]}".formatted(data);
  }

  /** The one request that held this text. */
  JsonNode asked(String text) {
    List<String> asked = bodies.stream().filter(body -> body.contains(text)).toList();
    if (asked.size() != 1) {
      throw new AssertionError("asked " + asked.size() + " times: " + text);
    }
    return JsonMapper.shared().readTree(asked.getFirst());
  }

  boolean hasFailedInEachWay() {
    return failures.get() >= BROKEN.size();
  }

  void mend() {
    mended = true;
  }
}
