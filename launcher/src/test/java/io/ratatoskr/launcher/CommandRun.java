package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.settings.Layers;
import java.io.PrintWriter;
import java.io.StringWriter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a command that was run in this JVM has written, and its exit status. */
public record CommandRun(int exitCode, String out, String err) {

  /** Runs a command where neither environment nor home folder says anything. */
  public static CommandRun of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine(Layers.Surroundings.none())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }

  /** The output of a command that succeeded, as JSON. */
  public JsonNode json() {
    assertThat(exitCode).as(err).isEqualTo(ExitCode.WHOLE);
    return JsonMapper.shared().readTree(out);
  }
}
