package io.ratatoskr.launcher.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.launcher.CommandRun;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.policy.PolicyFile;
import io.ratatoskr.settings.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyCommandTest {
  private static final Path EXAMPLE = Path.of("../docs/examples/policy.toml");

  @TempDir private Path folder;

  private String file(String content) throws IOException {
    return Files.writeString(folder.resolve("policy.toml"), content).toString();
  }

  @Test
  void theExample_isValidAndNamesEverySection() throws IOException {
    CommandRun run = CommandRun.of("policy", "validate", EXAMPLE.toString());

    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.WHOLE);
    assertThat(run.out()).isEqualTo("Nothing is wrong with " + EXAMPLE + ".\n");
    assertThat(PolicyFile.known().sections())
        .extracting(Section::header)
        .allSatisfy(header -> assertThat(Files.readString(EXAMPLE)).contains("\n" + header + "\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[routing]~n~chat = 'x@nobody' | :2:1: routing.chat: there is no pool 'nobody'; there are ",
        "[routing]~n~caht = 'x' | :2:1: routing.caht: there is no such key; did you mean"
            + " routing.chat?",
        "[router]~n~threads = 3 | :1:1: router: belongs into the configuration",
        "[routing.aliases]~n~a = 'b'~n~b = 'a' | :2:1: routing.aliases.a: goes in a circle: a -> b"
            + " -> a",
        "[routing.fallbacks]~n~chat = ['a', 'b', 'c', 'd'] | :2:1: routing.fallbacks.chat: names 4;"
            + " ",
        "[[queues]]~n~name = 'q'~n~pools = ['embde']~n~tenants = ['t'] | :3:1: queues.pools: there"
            + " is no pool 'embde'; there are ",
        "[[queues]]~n~name = 'q'~n~pools = ['embed'] | :1:1: queues.tenants: name tenants or",
        "[[queues]]~n~name = 'q'~n~pools = ['embed']~n~tenants = ['t']~n~weight = 101 | :5:1:"
            + " queues.weight: ",
      })
  void validate_namesPlaceAndKey(String content, String problem) throws IOException {
    String file = file(content.replace("~n~", "\n"));
    CommandRun run = CommandRun.of("policy", "validate", file);

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith(file + problem);
  }

  @Test
  void validate_moreQueuesThanAPoolMayHave_namesThePlaceOfTheFirstBeyond() throws IOException {
    StringBuilder queues = new StringBuilder();
    for (int i = 1; i <= 9; i++) {
      queues.append(
          "[[queues]]\nname = 'q%d'\npools = ['embed']\ntenants = ['t%d']\n".formatted(i, i));
    }
    String file = file(queues.toString());

    assertThat(CommandRun.of("policy", "validate", file).err())
        .startsWith(file + ":35:1: queues.pools: pool 'embed' has 8 queues already");
  }

  @Test
  void validate_saysAllMistakes() throws IOException {
    CommandRun run =
        CommandRun.of(
            "policy",
            "validate",
            file("[retry]\nmax-attempts = 0\n[[presets]]\nname = 'x'\n[nothing]\n"));

    assertThat(run.err().lines()).hasSize(3);
    assertThat(CommandRun.of("policy", "validate", "nowhere.toml").err())
        .startsWith("policy validate: there is no file nowhere.toml");
  }

  @Test
  void diff_showsChangedKeysAlone() throws IOException {
    CommandRun run =
        CommandRun.of(
            "policy",
            "diff",
            "--set=retry.max-attempts=5",
            file(
                """
                [retry]
                max-attempts = 4
                [[task-classes]]
                name = "creative"
                timeout = "90s"
                [[presets]]
                name = "mine/chat"
                models = ["x"]
                """));

    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.WHOLE);
    assertThat(run.out())
        .startsWith(
            """
            [retry]
            - max-attempts = 5
            + max-attempts = 4
            [[task-classes]] "creative"
            - timeout = "1m"
            + timeout = "90s"
            [[presets]] "mine/chat"
            + name = "mine/chat"
            """)
        .contains("+ models = [\"x\"]\n");
  }

  @Test
  void diff_ofWhatIsShown_isNothing() throws IOException {
    CommandRun shown = CommandRun.of("policy", "show");
    CommandRun run = CommandRun.of("policy", "diff", file(shown.out()));

    assertThat(shown.out()).contains("[retry]\nmax-attempts = 3\n");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.WHOLE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo("Nothing would change.\n");
  }

  @Test
  void apply_needsAKafka() throws IOException {
    assertThat(CommandRun.of("policy", "apply", file("")).err())
        .startsWith("ratatoskr policy: name the Kafka of the pipeline: --bootstrap");
    assertThat(CommandRun.of("policy").err())
        .startsWith("ratatoskr policy: name a command: show, validate, diff, apply or withdraw");
  }
}
