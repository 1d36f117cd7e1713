package io.ratatoskr.launcher.serve;

import io.ratatoskr.launcher.command.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
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

/** Lets a running process on this machine read its configuration again. */
@Command(
    name = "reload",
    description = {
      "Let a running 'up' or 'serve' on this machine read its files again, as SIGHUP does.",
      "Keys marked as live in docs/configuration.md change; others are named and need a restart;"
          + " a mistake changes nothing."
    },
    mixinStandardHelpOptions = true)
public final class ReloadCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9741",
      description = "Its status port. Default: ${DEFAULT-VALUE}")
  private Port port = new Port(0);

  @Override
  public Integer call() throws InterruptedException {
    JsonNode outcome = ask();
    boolean done = outcome.path("done").asBoolean();
    PrintWriter writer = done ? spec.commandLine().getOut() : spec.commandLine().getErr();
    writer.println(outcome.path("text").asString());
    writer.flush();
    return done ? ExitCode.WHOLE : ExitCode.FAILED;
  }

  private JsonNode ask() throws InterruptedException {
    String host = InetAddress.getLoopbackAddress().getHostAddress();
    URI uri = URI.create("http://%s:%d%s".formatted(host, port.number(), StatusServer.RELOAD));
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(uri)
                  .timeout(PATIENCE)
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return JsonMapper.shared().readTree(response.body());
    } catch (IOException e) {
      throw new IllegalStateException(
          "nothing answers at " + uri.getAuthority() + "; name its status port with --port", e);
    }
  }
}
