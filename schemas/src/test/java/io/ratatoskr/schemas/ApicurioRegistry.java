package io.ratatoskr.schemas;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Apicurio Registry, whose Confluent-compatible API has version 7; its memory is its store. */
final class ApicurioRegistry implements TestRegistry {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Process process;
  private final int port;

  private ApicurioRegistry(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static ApicurioRegistry launch() {
    try {
      int port = freePort();
      Path log = Files.createTempFile("apicurio", ".log");
      ApicurioRegistry registry =
          new ApicurioRegistry(
              new ProcessBuilder(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-Dquarkus.http.host=127.0.0.1",
                      "-Dquarkus.http.port=" + port,
                      "-jar",
                      Path.of(System.getProperty("apicurio"), "quarkus-run.jar").toString())
                  .redirectErrorStream(true)
                  .redirectOutput(log.toFile())
                  .start(),
              port);
      log.toFile().deleteOnExit();
      registry.awaitAnswer(log);
      return registry;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start Apicurio Registry", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Apicurio Registry starts", e);
    }
  }

  private void awaitAnswer(Path log) throws IOException, InterruptedException {
    HttpRequest ask = HttpRequest.newBuilder(URI.create(url() + "/subjects")).build();
    Instant end = Instant.now().plus(PATIENCE);
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (true) {
        try {
          if (http.send(ask, BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (IOException e) {
          if (!process.isAlive() || Instant.now().isAfter(end)) {
            stop();
            throw new IOException(Files.readString(log), e);
          }
        }
        process.waitFor(200, TimeUnit.MILLISECONDS);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  @Override
  public String url() {
    return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
  }

  /** Below which Apicurio's own API lies. */
  String ownUrl() {
    return "http://127.0.0.1:" + port + "/apis/registry/v3";
  }

  @Override
  public void stop() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
