package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.settings.Layers;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where no broker answers, the command says so and at which address. */
@Timeout(180)
class UnreachableBrokerIT {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "embed text --set client.connect-timeout=2s",
        "topics list",
        "serve embed",
      })
  void theAddressIsNamedInOneLine(String line) {
    StringWriter err = new StringWriter();

    int exitCode =
        Main.commandLine(Layers.Surroundings.none())
            .setErr(new PrintWriter(err))
            .execute((line + " --bootstrap 127.0.0.1:1").split(" ", -1));

    assertThat(exitCode).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("127.0.0.1:1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"embed text", "topics create"})
  void anAddressThatIsNoneIsNamedToo(String line) {
    StringWriter err = new StringWriter();

    int exitCode =
        Main.commandLine(Layers.Surroundings.none())
            .setErr(new PrintWriter(err))
            .execute((line + " --bootstrap no-port").split(" ", -1));

    assertThat(exitCode).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("no-port");
  }
}
