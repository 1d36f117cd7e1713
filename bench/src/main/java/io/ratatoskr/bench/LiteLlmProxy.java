package io.ratatoskr.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * LiteLLM's proxy before one server, of the environment that {@code bench/peers/litellm/setup}
 * makes: one worker, and of its own advice for production what applies without a database.
 */
final class LiteLlmProxy implements AutoCloseable {
  static final String SETTINGS =
      "one uvicorn worker, LITELLM_LOG=ERROR, LITELLM_MODE=PRODUCTION, set_verbose off,"
          + " request_timeout 600, num_retries 0, no database, no callbacks, its log in a file";

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Process process;
  private final String url;
  private final String key;

  private LiteLlmProxy(Process process, String url, String key) {
    this.process = process;
    this.url = url;
    this.key = key;
  }

  private static Path python() {
    Path python = Home.bench("peers/litellm/.venv/bin/python");
    if (!Files.isExecutable(python)) {
      throw new IllegalStateException("no LiteLLM: bench/peers/litellm/setup makes it");
    }
    return python;
  }

  static String version() throws IOException {
    Process process =
        new ProcessBuilder(
                python().toString(),
                "-c",
                "from importlib.metadata import version; print(version('litellm'))")
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  /**
   * Starts one and waits until it answers.
   *
   * @param folder for its configuration
   * @param server where the API begins that it asks
   * @param model its name, there and here
   */
  static LiteLlmProxy start(Path folder, String server, String model)
      throws IOException, InterruptedException {
    int port = freePort();
    String key = "sk-" + UUID.randomUUID();
    Path config =
        Files.writeString(
            folder.resolve("litellm.yaml"),
            """
            model_list:
              - model_name: %1$s
                litellm_params: {model: openai/%1$s, api_base: "%2$s", api_key: none}
            litellm_settings: {telemetry: false, set_verbose: false, request_timeout: 600}
            router_settings: {num_retries: 0}
            """
                .formatted(model, server));
    Path log = Files.createDirectories(Home.bench("target/logs")).resolve("litellm.log");
    ProcessBuilder builder =
        new ProcessBuilder(
                python().resolveSibling("litellm").toString(),
                "--config=" + config,
                "--host=127.0.0.1",
                "--port=" + port,
                "--num_workers=1")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("LITELLM_MASTER_KEY", key);
    builder.environment().put("LITELLM_LOCAL_MODEL_COST_MAP", "True");
    builder.environment().put("LITELLM_LOG", "ERROR");
    builder.environment().put("LITELLM_MODE", "PRODUCTION");
    LiteLlmProxy proxy = new LiteLlmProxy(builder.start(), "http://127.0.0.1:" + port, key);
    try {
      proxy.await();
    } catch (RuntimeException e) {
      proxy.close();
      throw e;
    }
    Report.progress("LiteLLM is ready");
    return proxy;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void await() throws InterruptedException {
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create(url + "/health/readiness"))
            .timeout(Duration.ofSeconds(5))
            .build();
    long begin = System.nanoTime();
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (process.isAlive() && System.nanoTime() - begin < PATIENCE.toNanos()) {
        try {
          if (http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (IOException e) {
          // It does not listen yet.
        }
        Thread.sleep(200);
      }
    }
    throw new IllegalStateException("LiteLLM does not answer; its log is below bench/target/logs");
  }

  /** Where its OpenAI door begins. */
  String url() {
    return url + "/v1";
  }

  /** What it wants to see of a caller. */
  String key() {
    return key;
  }

  /** Processor time that it has taken so far, in seconds. */
  double cpuSeconds() {
    return ProcessFigures.cpuSeconds(process);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
