package io.ratatoskr.launcher.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ratatoskr.allinone.Health;
import io.ratatoskr.launcher.Main;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.settings.Layers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a process tells on its status port, and what the status command makes of it. */
@Timeout(180)
class StatusServerIT {
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile boolean ready = true;
  private StatusServer server;

  @BeforeEach
  void start() {
    meters.counter("ratatoskr_worker_taken_total", "lane", "bulk").increment(3);
    meters.counter("jvm_things").increment();
    server = StatusServer.start(InetAddress.getLoopbackAddress(), 0, meters);
    server.tell(this::health);
  }

  private Health health() {
    return new Health(
        ready,
        Map.of("router", ready ? "running" : "failed"),
        Map.of("bootstrap", "127.0.0.1:9092"));
  }

  @AfterEach
  void stop() {
    server.close();
    http.close();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return get(URI.create(server.url() + path));
  }

  private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** What is answered there, by whoever has that port, or why nothing is. */
  private String answer(URI uri) throws InterruptedException {
    try {
      return get(uri).body();
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void health_is200WhileReady_and503Otherwise() throws IOException, InterruptedException {
    assertThat(get("/health").statusCode()).isEqualTo(200);

    ready = false;

    HttpResponse<String> sick = get("/health");
    assertThat(sick.statusCode()).isEqualTo(503);
    assertThat(JsonMapper.shared().readTree(sick.body()).at("/parts/router").asString())
        .isEqualTo("failed");
  }

  @Test
  void status_isJson_withOurMetersOnly() throws IOException, InterruptedException {
    HttpResponse<String> response = get("/status");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    JsonNode status = JsonMapper.shared().readTree(response.body());
    assertThat(status.get("ready").asBoolean()).isTrue();
    assertThat(status.at("/facts/bootstrap").asString()).isEqualTo("127.0.0.1:9092");
    assertThat(status.get("meters")).hasSize(1);
    assertThat(status.at("/meters/0/name").asString()).isEqualTo("ratatoskr_worker_taken_total");
    assertThat(status.at("/meters/0/tags/lane").asString()).isEqualTo("bulk");
    assertThat(status.at("/meters/0/value").asDouble()).isEqualTo(3);
  }

  @Test
  void metrics_areForPrometheus() throws IOException, InterruptedException {
    HttpResponse<String> response = get("/metrics");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain");
    assertThat(response.body()).contains("ratatoskr_worker_taken_total{lane=\"bulk\"} 3.0");
  }

  @Test
  void page_isHtml() throws IOException, InterruptedException {
    HttpResponse<String> response = get("/");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
    assertThat(response.body()).contains("fetch(\"status\")");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nonsense", "/healthy", "/status/more"})
  void anotherPath_is404_andNamesThosePathsThatAre(String path)
      throws IOException, InterruptedException {
    HttpResponse<String> response = get(path);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).contains("/health").contains("/metrics");
  }

  @Test
  void portTaken_isReadable() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    assertThatThrownBy(() -> StatusServer.start(loopback, server.port(), meters))
        .isInstanceOf(StatusServer.PortTakenException.class)
        .hasMessage("port " + server.port() + " is taken; name another one with --port");
  }

  @Test
  void portTaken_isNoticedBeforeAnythingStarts(@TempDir Path folder) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String port = Integer.toString(server.port());

    int exitCode =
        Main.commandLine(Layers.Surroundings.none())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute("up", "--port", port, "--kafka-port", "0", "--data", folder.toString());

    assertThat(exitCode).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("port " + port + " is taken");
    assertThat(out.toString()).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void health_isStartingUntilThereIsSomethingToTell() throws IOException, InterruptedException {
    try (StatusServer early = StatusServer.start(InetAddress.getLoopbackAddress(), 0, meters)) {
      HttpResponse<String> response = get(URI.create(early.url() + "/health"));

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).contains("starting");
    }
  }

  /** The other loopback address of IPv4 stands for one that others reach. */
  @Test
  void page_isWhereItWasToldToListen_andNowhereElse() throws IOException, InterruptedException {
    InetAddress other = InetAddress.getByName("127.0.0.2");
    try (StatusServer there = StatusServer.start(other, 0, meters)) {
      there.tell(this::health);
      String port = Integer.toString(there.port());

      assertThat(there.url()).isEqualTo("http://127.0.0.2:" + port);
      assertThat(get(URI.create(there.url() + "/health")).statusCode()).isEqualTo(200);
      assertThat(status(new StringWriter(), port, "--host", "127.0.0.2")).isZero();
      assertThat(answer(URI.create("http://127.0.0.1:" + port + "/health")))
          .doesNotContain("running");
    }
  }

  @Test
  void page_onEveryAddress_isNamedByLoopback() throws IOException {
    InetAddress all = InetAddress.getByName("0.0.0.0");
    try (StatusServer everywhere = StatusServer.start(all, 0, meters)) {
      assertThat(everywhere.url()).isEqualTo("http://127.0.0.1:" + everywhere.port());
    }
  }

  @Test
  void statusCommand_showsThePartsAndTheirReadiness() {
    StringWriter out = new StringWriter();
    String port = Integer.toString(server.port());

    assertThat(status(out, port)).isZero();
    ready = false;
    assertThat(status(out, port)).isEqualTo(ExitCode.FAILED);

    assertThat(out.toString()).contains("ready, version").contains("not ready, version");
    assertThat(out.toString()).contains("router").contains("running").contains("failed");
    assertThat(out.toString()).contains("127.0.0.1:9092");
  }

  @Test
  void statusCommand_namesThePortWhereNothingAnswers() {
    StringWriter err = new StringWriter();

    int exitCode =
        Main.commandLine(Layers.Surroundings.none())
            .setErr(new PrintWriter(err))
            .execute("status", "--port=1");

    assertThat(exitCode).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("nothing answers at 127.0.0.1:1;");
  }

  private static int status(StringWriter out, String port, String... more) {
    return Main.commandLine(Layers.Surroundings.none())
        .setOut(new PrintWriter(out))
        .execute(
            Stream.concat(Stream.of("status", "--port", port), Stream.of(more))
                .toArray(String[]::new));
  }
}
