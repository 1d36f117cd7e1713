package io.ratatoskr.launcher.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ratatoskr.allinone.Health;
import io.ratatoskr.launcher.command.Version;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves the state of a process to whoever reaches its port: {@code /health} (200 or 503), {@code
 * /status} (JSON), {@code /metrics} (Prometheus) and {@code /} (a page that shows them moving).
 */
final class StatusServer implements AutoCloseable {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** Path of what {@code ratatoskr reload} asks. */
  static final String RELOAD = "/reload";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final PrometheusMeterRegistry meters;
  private volatile Supplier<Health> health = () -> Health.STARTING;
  private volatile @Nullable Reload reload;

  private StatusServer(HttpServer server, PrometheusMeterRegistry meters) {
    this.server = server;
    this.meters = meters;
  }

  /**
   * Serves there, before there is anything to tell: a port that is taken is noticed at once, and
   * who asks meanwhile hears that the process is starting.
   *
   * @param host address of this machine; the wildcard is all of them
   * @param port 0 takes a free one
   * @throws PortTakenException if something listens there
   */
  static StatusServer start(InetAddress host, int port, PrometheusMeterRegistry meters) {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(host, port), 16);
    } catch (BindException e) {
      throw new PortTakenException(port, e);
    } catch (IOException e) {
      throw new IllegalStateException("cannot listen on port " + port + ": " + e.getMessage(), e);
    }
    StatusServer status = new StatusServer(server, meters);
    server.createContext("/", status::answer);
    server.setExecutor(status.threads);
    server.start();
    return status;
  }

  /** Something listens on the port already. */
  static final class PortTakenException extends RuntimeException {
    PortTakenException(int port, Throwable cause) {
      super("port " + port + " is taken; name another one with --port", cause);
    }
  }

  /** Serves the state that this supplier gives, from now on. */
  void tell(Supplier<Health> health) {
    this.health = health;
  }

  /** Takes what reads the configuration again when a request asks for it. */
  void reloads(Reload newReload) {
    this.reload = newReload;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** The page's address; with the wildcard, on loopback. */
  String url() {
    InetAddress host = server.getAddress().getAddress();
    String text =
        (host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host).getHostAddress();
    return "http://" + (text.contains(":") ? "[" + text + "]" : text) + ":" + port();
  }

  private void answer(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestURI().getPath()) {
      case "/health" -> health(exchange);
      case "/status" -> status(exchange);
      case "/metrics" -> metrics(exchange);
      case RELOAD -> reload(exchange);
      case "/" -> page(exchange);
      default -> json(exchange, 404, Map.of("error", "there are /health, /status, /metrics and /"));
    }
  }

  /**
   * Reads the configuration again, for processes on this machine alone, and for no page in a
   * browser, which cannot send JSON.
   */
  private void reload(HttpExchange exchange) throws IOException {
    String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
    if (!exchange.getRequestMethod().equals("POST") || !type.equals("application/json")) {
      json(exchange, 405, refusal("POST it as application/json, as 'ratatoskr reload' does"));
    } else if (!exchange.getRemoteAddress().getAddress().isLoopbackAddress()) {
      json(exchange, 403, refusal("only a process on the same machine may ask for it"));
    } else {
      Reload now = reload;
      if (now == null) {
        json(exchange, 503, refusal("the process is starting; ask again"));
      } else {
        Reload.Outcome outcome = now.run();
        boolean done = outcome.mistake().isEmpty();
        json(exchange, done ? 200 : 422, Map.of("done", done, "text", outcome.text()));
      }
    }
  }

  private static Map<String, Object> refusal(String text) {
    return Map.of("done", false, "text", text);
  }

  private void health(HttpExchange exchange) throws IOException {
    Health now = health.get();
    json(exchange, now.ready() ? 200 : 503, Map.of("ready", now.ready(), "parts", now.parts()));
  }

  private void status(HttpExchange exchange) throws IOException {
    Health now = health.get();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("version", Version.current());
    body.put("ready", now.ready());
    body.put("parts", now.parts());
    body.put("facts", now.facts());
    body.put("meters", readings());
    json(exchange, 200, body);
  }

  private List<Map<String, Object>> readings() {
    List<Map<String, Object>> readings = new ArrayList<>();
    for (Meter meter : meters.getMeters()) {
      if (!meter.getId().getName().startsWith("ratatoskr")) {
        continue;
      }
      Map<String, String> tags = new LinkedHashMap<>();
      for (Tag tag : meter.getId().getTags()) {
        tags.put(tag.getKey(), tag.getValue());
      }
      for (Measurement measurement : meter.measure()) {
        double value = measurement.getValue();
        if (Double.isFinite(value)) {
          readings.add(
              Map.of(
                  "name",
                  meter.getId().getName(),
                  "tags",
                  tags,
                  "statistic",
                  measurement.getStatistic().getTagValueRepresentation(),
                  "value",
                  value));
        }
      }
    }
    return readings;
  }

  private void metrics(HttpExchange exchange) throws IOException {
    send(
        exchange, 200, "text/plain; version=0.0.4; charset=utf-8", meters.scrape().getBytes(UTF_8));
  }

  private void page(HttpExchange exchange) throws IOException {
    try (InputStream page = StatusServer.class.getResourceAsStream("dashboard.html")) {
      if (page == null) {
        throw new IllegalStateException("dashboard.html is missing from the jar");
      }
      send(exchange, 200, "text/html; charset=utf-8", page.readAllBytes());
    }
  }

  private static void json(HttpExchange exchange, int status, Object body) throws IOException {
    send(exchange, status, "application/json", JSON.writeValueAsBytes(body));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
