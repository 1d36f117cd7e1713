package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.settings.Layers;
import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.ProcessKiller;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A real process reads its files again, at SIGHUP and when it is asked to. */
@ExtendWith(ProcessKiller.Extension.class)
class ReloadIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final String READ = "Configuration read again. ";

  @TempDir private Path folder;

  private record Ran(int exitCode, String out, String err) {}

  private static Ran reload(int port) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine(Layers.Surroundings.none())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute("reload", "--port", Integer.toString(port));
    return new Ran(exitCode, out.toString(), err.toString());
  }

  private static void hangUp(ChildJvm child) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-HUP", Long.toString(child.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  @Test
  void up_signalAndCommand(ProcessKiller killer) throws IOException, InterruptedException {
    String service =
        "[service]\nport = 0\nkafka-port = 0\ndata = \"%s\"\n".formatted(folder.resolve("data"));
    Path file = Files.writeString(folder.resolve("x.toml"), "[cache]\nttl = \"1h\"\n" + service);
    ChildJvm up = killer.start(TestProcess.command("up", "--config=" + file));
    up.awaitLine("Starting", PATIENCE);
    hangUp(up);
    String status = up.awaitLine("Status +http://", PATIENCE);
    int port = Integer.parseInt(status.substring(status.lastIndexOf(':') + 1).strip());
    up.awaitLine("Ready", PATIENCE);
    up.awaitLine(READ + "Nothing is changed", PATIENCE);

    Files.writeString(file, "[cache]\nttl = \"2h\"\n[router]\nthreads = 3\n" + service);
    hangUp(up);
    up.awaitLine(READ + "Changed: cache.ttl; needs a restart: router.threads", PATIENCE);

    Files.writeString(file, "[cache]\nttl = 2\n" + service);
    hangUp(up);
    up.awaitLine(READ + "Nothing is changed: .*cache.ttl: must be a duration", PATIENCE);
    Ran refused = reload(port);
    assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.err()).contains("x.toml:2:1: cache.ttl: must be a duration");

    Files.writeString(file, "[cache]\nttl = \"3h\"\n" + service);
    Ran taken = reload(port);
    assertThat(taken.exitCode()).isEqualTo(ExitCode.WHOLE);
    assertThat(taken.out()).isEqualTo("Changed: cache.ttl\n");
    assertThat(up.isAlive()).isTrue();

    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> page =
          http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/reload"))
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(page.statusCode()).isEqualTo(405);
    }
  }

  @Test
  void nothingThere_isSaid() {
    Ran ran = reload(1);

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err()).startsWith("reload: nothing answers at 127.0.0.1:1");
  }
}
