package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.settings.Layers;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** The command without a pipeline: help, and what it says of misuse. */
class MainTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense | nonsense",
        "embed --nonsense | --nonsense",
        "embed | --input and --output",
        "embed --input a.jsonl | --input and --output",
        "embed --output a.jsonl | --input and --output",
        "embed text --input a.jsonl --output b.jsonl | either a TEXT or",
        "embed text more | more",
        "embed --input a.jsonl --output b.jsonl --truncate half | not 'half'",
        "embed --input a.jsonl --output b.jsonl --resume --overwrite | --overwrite",
        "embed --input - --output - --resume | kept nowhere",
        "nli --input a.jsonl --output - --overwrite | kept nowhere",
        "embed --input a --output b.jsonl --format xml | --format",
        "embed text --inflight many | --inflight",
        "embed text --set nonsense | KEY=VALUE",
        "tokens text | --model",
        "tokens --model gpt-4 | TEXT",
        "tokens one two --model gpt-4 | two",
        "nli | --input and --output, or --premise and --hypothesis",
        "nli --premise a | --premise and --hypothesis together",
        "nli --premise a --hypothesis b --input c.jsonl | either --premise",
        "nli --input a.jsonl --output b.jsonl --truncate half | not 'half'",
        "classify text | --labels",
        "classify --labels a,b | --input and --output, or a TEXT",
        "stance text | a TEXT and --target",
        "stance --input a.jsonl | --input and --output",
        "up --port high | --port",
        "up --port 99999 | from 0 to 65535, is 99999",
        "up --kafka-port=-1 | from 0 to 65535, is -1",
        "reload --port 65536 | from 0 to 65535, is 65536",
        "serve embed --bootstrap a:1 --port 70000 | from 0 to 65535",
        "up --port 0 --host 0.0.0.0:9741 | --host",
        "serve embed --bootstrap a:1 --host http://a | --host",
        "serve | ROLE",
        "serve chef --bootstrap a:1 | ROLE",
        "serve embed | --bootstrap",
        "topics | create or list",
        "topics create | --bootstrap",
        "status --port high | --port"
      })
  void misuse_isNamed_andPointsToHelp(String line, String named) {
    CommandRun ran = CommandRun.of(line.split(" ", -1));

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err().lines()).hasSize(2);
    assertThat(ran.err()).startsWith("ratatoskr").contains(named).contains("Try 'ratatoskr");
    assertThat(ran.err()).contains(" --help'.");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void noCommand_asksForOne() {
    CommandRun ran = CommandRun.of();

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err()).contains("name a command").contains("Try 'ratatoskr --help'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "embed text --set embed.speed=9 | embed.speed: there is no such key",
        "embed text --set router.threads=0 | router.threads: must be 1 to 64",
        "embed text --config missing.toml | missing.toml: there is no such file",
        "embed --input a.doc --output b.jsonl | a.doc must end in .jsonl, .txt or .csv",
        "embed --input a.jsonl --output b.doc | b.doc must end in .jsonl or .parquet",
        "embed --input a.jsonl --output b.jsonl --inflight 0 | --inflight:"
            + " client.in-flight-records: must be",
        "embed --input missing.jsonl --output b.jsonl | missing.jsonl",
        "embed text --bootstrap a:1 --domain ratatoskr.sys.x | ratatoskr.sys",
        "embed text --bootstrap http://localhost:9092 | must be host:port",
        "embed text --bootstrap localhost | must be host:port",
        "embed text --bootstrap localhost:99999 | must be host:port",
        "embed text --bootstrap a:1,b | must be host:port",
        "serve embed --bootstrap localhost: | must be host:port",
        "up --data pom.xml --port 0 | pom.xml is not a folder",
        "retrieve --corpus no.parquet --texts no.jsonl --queries q.jsonl --output b.jsonl | there"
            + " is no no.parquet",
        "up --host 203.0.113.7 | --host: service.host: 203.0.113.7 is no address",
        "up --set service.port=99999 | service.port: must be a number from 0 to 65535",
        "serve embed --bootstrap a:1 --port 0 --host 203.0.113.7 | service.host: 203.0.113.7 is no",
        "serve embed --bootstrap a:1 --host 0.0.0.0 | service.host: there is no status page",
        "nli --input a.txt --output b.jsonl | use jsonl or csv",
        "nli --input missing.jsonl --output b.jsonl | missing.jsonl",
        "nli --input a.jsonl --output b.jsonl --keep label | keep",
        "classify text --labels a,a | given twice",
        "classify text --labels a --template none | no {}",
        "stance --input missing.txt --output b.jsonl --target t | missing.txt",
        "stance --input a.txt --output b.jsonl | use jsonl or csv"
      })
  void whatCannotBeDone_isSaidInOneLine(String line, String named) {
    CommandRun ran = CommandRun.of(line.split(" ", -1));

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(ran.err()).startsWith(line.split(" ", 2)[0] + ": ").contains(named);
    assertThat(Path.of("b.jsonl")).doesNotExist();
    assertThat(Path.of("b.jsonl.job")).doesNotExist();
  }

  @Test
  void aSubcommand_isNamedWithItsCommand() {
    CommandRun ran = CommandRun.of("topics", "list", "--bootstrap", "a:b");

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err()).startsWith("topics list: ").contains("must be host:port");
    assertThat(ran.err().lines()).hasSize(1);
  }

  @Test
  void unreadableLogin_isNamed_andNotShown() {
    CommandRun ran =
        CommandRun.of(
            "embed", "text", "--set", "kafka.sasl.jaas.config=M required password=my secret;");

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err())
        .startsWith("embed: --set kafka.sasl.jaas.config: kafka.sasl.jaas.config: must be")
        .doesNotContain("secret");
  }

  @Test
  void debug_printsTheStackTrace() {
    Logger ours = (Logger) LoggerFactory.getLogger("io.ratatoskr");
    Logger kafka = (Logger) LoggerFactory.getLogger("org.apache.kafka");
    Level oursBefore = ours.getLevel();
    Level kafkaBefore = kafka.getLevel();
    try {
      CommandRun ran = CommandRun.of("embed", "text", "--set", "embed.speed=9", "--debug");

      assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(ran.err())
          .contains("\tat io.ratatoskr.launcher.")
          .contains("embed: --set embed.speed");
    } finally {
      ours.setLevel(oursBefore);
      kafka.setLevel(kafkaBefore);
    }
  }

  static Stream<String> commands() {
    return names(Main.commandLine(Layers.Surroundings.none()));
  }

  private static Stream<String> names(CommandLine command) {
    return Stream.concat(
        Stream.of(command.getCommandSpec().qualifiedName()),
        command.getSubcommands().values().stream().flatMap(MainTest::names));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_showsUsageAndEveryOption(String command) {
    String line = (command + " --help").substring("ratatoskr ".length());

    CommandRun ran = CommandRun.of(line.split(" ", -1));

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).contains("Usage: " + command).contains("--debug");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V"})
  void version_isPrinted(String option) {
    CommandRun ran = CommandRun.of(option);

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).startsWith("ratatoskr ");
  }

  @Test
  void serve_modelsPathWithACommaAndABlank_isOnePath() {
    CommandRun ran =
        CommandRun.of("serve", "embed", "--bootstrap", "b:1", "--model", "./no such, model");
    assertThat(ran.err()).contains("There is no model's folder ./no such, model.");
    assertThat(ran.exitCode()).isNotZero();
  }
}
