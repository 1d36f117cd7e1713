package io.ratatoskr.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;

/**
 * Asks an OpenAI-compatible server by OkHttp and nothing else, with the bounds that gateway workers
 * have.
 */
final class HttpChatCaller implements ChatCaller {
  private static final MediaType JSON = MediaType.get("application/json");
  private static final String CONTENT = "\"content\":";
  private static final String DATA = "data:";

  /** Events beside the pieces: the end, the usage, and the mark behind the last one. */
  private static final int OTHERS = 3;

  private final OkHttpClient http;
  private final String url;
  private final String model;
  private final String key;
  private final boolean bare;

  /**
   * @param url where the API begins
   * @param key empty where it wants none
   * @param bare whether lines are counted, and what they hold is neither looked at nor checked
   */
  HttpChatCaller(String url, String model, String key, boolean bare) {
    this.http = client();
    this.url = url;
    this.model = model;
    this.key = key;
    this.bare = bare;
  }

  static OkHttpClient client() {
    Dispatcher dispatcher = new Dispatcher();
    dispatcher.setMaxRequests(Integer.MAX_VALUE);
    dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
    return new OkHttpClient.Builder()
        .dispatcher(dispatcher)
        .connectionPool(new ConnectionPool(4_096, 30, TimeUnit.SECONDS))
        .readTimeout(2, TimeUnit.MINUTES)
        .build();
  }

  /** What a call says. */
  static String body(String model, Plan plan, boolean stream) {
    return """
    {"model":"%s","messages":[{"role":"user","content":"%s"}],"stream":%s%s}\
    """
        .formatted(
            model,
            plan.words(),
            stream,
            stream ? ",\"stream_options\":{\"include_usage\":true}" : "");
  }

  /** A call that says so. */
  static Request request(String url, byte[] body) {
    return new Request.Builder()
        .url(url + "/chat/completions")
        .post(RequestBody.create(body, JSON))
        .build();
  }

  private Call call(Plan plan, boolean stream) {
    Request request = request(url, body(model, plan, stream).getBytes(StandardCharsets.UTF_8));
    return http.newCall(
        key.isEmpty()
            ? request
            : request.newBuilder().header("Authorization", "Bearer " + key).build());
  }

  private static Response execute(Call call) throws IOException {
    Response response = call.execute();
    if (!response.isSuccessful()) {
      try (response) {
        throw new IOException(response.code() + " " + response.body().string());
      }
    }
    return response;
  }

  @Override
  public ChatTally.One whole(Plan plan) throws IOException {
    long begin = System.nanoTime();
    List<Double> delays = new ArrayList<>();
    PlanReader reader = new PlanReader(plan, delays);
    try (Response response = execute(call(plan, false))) {
      reader.read(content(response.body().string()), ChatCaller.epochMicros());
    }
    double millis = (System.nanoTime() - begin) / 1e6;
    return new ChatTally.One(reader.isWhole(), 0, reader.pieces(), millis, millis, delays);
  }

  @Override
  public ChatTally.One streamed(Plan plan) throws IOException {
    long begin = System.nanoTime();
    long first = 0;
    int events = 0;
    List<Double> delays = new ArrayList<>();
    PlanReader reader = new PlanReader(plan, delays);
    try (Response response = execute(call(plan, true))) {
      BufferedSource lines = response.body().source();
      for (String line = lines.readUtf8Line(); line != null; line = lines.readUtf8Line()) {
        if (!line.startsWith(DATA)) {
          continue;
        }
        events++;
        if (bare) {
          first = first == 0 ? System.nanoTime() : first;
          continue;
        }
        String content = content(line);
        if (!content.isEmpty()) {
          first = first == 0 ? System.nanoTime() : first;
          reader.read(content, ChatCaller.epochMicros());
        }
      }
    }
    return new ChatTally.One(
        bare ? events == plan.tokens() + OTHERS : reader.isWhole(),
        0,
        bare ? events - OTHERS : reader.pieces(),
        (first - begin) / 1e6,
        (System.nanoTime() - begin) / 1e6,
        delays);
  }

  /** The text of a piece or of an answer; nothing in it is escaped. */
  static String content(String json) {
    int at = json.indexOf(CONTENT);
    if (at < 0) {
      return "";
    }
    int from = at + CONTENT.length();
    while (json.charAt(from) == ' ') {
      from++;
    }
    return json.charAt(from) == '"' ? json.substring(from + 1, json.indexOf('"', from + 1)) : "";
  }

  @Override
  public long cancelled(Plan plan, int pieces) throws IOException {
    Call call = call(plan, true);
    try (Response response = execute(call)) {
      BufferedSource lines = response.body().source();
      int seen = 0;
      while (seen < pieces) {
        String line = lines.readUtf8Line();
        seen += line != null && line.startsWith(DATA) ? 1 : 0;
      }
      long now = System.nanoTime();
      call.cancel();
      return now;
    }
  }

  @Override
  public ChatTally.One unread(Plan plan, Runnable meanwhile, Runnable atEnd) {
    throw new UnsupportedOperationException("what is not read over HTTP does not come");
  }

  @Override
  public void close() {
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
