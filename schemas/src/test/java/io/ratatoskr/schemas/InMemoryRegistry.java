package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.json.JsonMapper;

/** The three questions of Confluent's REST API that a serde asks, answered from memory. */
final class InMemoryRegistry implements TestRegistry {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpServer server;
  private final AtomicBoolean stopped = new AtomicBoolean();

  // Only on the server's one thread. The id of a schema is its place in the list, from 1.
  private final List<String> schemas = new ArrayList<>();
  private final Map<String, List<String>> subjects = new HashMap<>();

  private InMemoryRegistry(HttpServer server) {
    this.server = server;
  }

  static InMemoryRegistry listen() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      InMemoryRegistry registry = new InMemoryRegistry(server);
      server.createContext("/", registry::answer);
      server.start();
      return registry;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen", e);
    }
  }

  @Override
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String[] path = exchange.getRequestURI().getPath().substring(1).split("/", -1);
    if (exchange.getRequestMethod().equals("GET")) {
      int id = Integer.parseInt(path[2]);
      if (id >= 1 && id <= schemas.size()) {
        send(exchange, 200, Map.of("schema", schemas.get(id - 1)));
      } else {
        send(exchange, 404, Map.of("error_code", 40403, "message", "Schema not found"));
      }
      return;
    }
    String schema =
        JSON.readTree(exchange.getRequestBody().readAllBytes()).get("schema").asString();
    List<String> subject = subjects.computeIfAbsent(path[1], name -> new ArrayList<>());
    if (path.length == 3 && !subject.contains(schema)) {
      subject.add(schema);
      schemas.add(schema);
    }
    if (subject.contains(schema)) {
      send(exchange, 200, Map.of("id", schemas.indexOf(schema) + 1));
    } else {
      send(exchange, 404, Map.of("error_code", 40401, "message", "Subject not found"));
    }
  }

  private static void send(HttpExchange exchange, int status, Map<String, ?> body)
      throws IOException {
    try (exchange) {
      byte[] bytes = JSON.writeValueAsString(body).getBytes(UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void stop() {
    if (stopped.compareAndSet(false, true)) {
      server.stop(0);
    }
  }
}
