package io.ratatoskr.launcher.serve;

import io.ratatoskr.launcher.command.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a running process how it is. */
@Command(
    name = "status",
    description = "Show how a running 'up' or 'serve' is; exit 0 if all of it is ready.",
    mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {
  /** Enough for a host far away or busy. */
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private static final Duration ANSWER = Duration.ofSeconds(30);

  private static final int NARROWEST = 16;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9741",
      description = "Its status port. Default: ${DEFAULT-VALUE}")
  private Port port = new Port(0);

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "Where it runs. Default: ${DEFAULT-VALUE}")
  private String host = "";

  @Override
  public Integer call() throws InterruptedException {
    JsonNode status = ask();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s, version %s%n",
        status.get("ready").asBoolean() ? "ready" : "not ready", status.get("version").asString());
    table(out, status.get("parts"));
    table(out, status.get("facts"));
    out.flush();
    return status.get("ready").asBoolean() ? ExitCode.WHOLE : ExitCode.FAILED;
  }

  private static void table(PrintWriter out, JsonNode rows) {
    int width =
        rows.properties().stream()
            .mapToInt(row -> row.getKey().length())
            .reduce(NARROWEST, Math::max);
    rows.properties()
        .forEach(
            row -> out.printf("  %-" + width + "s %s%n", row.getKey(), row.getValue().asString()));
  }

  private URI uri() {
    try {
      return new URI("http", null, host, port.number(), "/status", null, null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("--host: must be a host name or address, is " + host, e);
    }
  }

  private JsonNode ask() throws InterruptedException {
    URI uri = uri();
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build()) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(uri).timeout(ANSWER).build(),
              HttpResponse.BodyHandlers.ofString());
      return JsonMapper.shared().readTree(response.body());
    } catch (IOException e) {
      throw new NothingThereException(uri, e);
    }
  }

  private static final class NothingThereException extends RuntimeException {
    NothingThereException(URI uri, IOException cause) {
      super(
          "nothing answers at "
              + uri.getAuthority()
              + "; start it with 'ratatoskr up', or name its --port, and its --host elsewhere",
          cause);
    }
  }
}
