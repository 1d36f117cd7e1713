package io.ratatoskr.policy.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.KnownSettings;
import io.ratatoskr.settings.TomlSource;
import io.ratatoskr.settings.TomlText;
import io.ratatoskr.settings.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskClassesTest {
  private static final KnownSettings KNOWN =
      new KnownSettings(List.of(TaskClasses.SECTION), Map.of());

  @TempDir private Path folder;

  private Values values(String toml) throws IOException {
    Path file = folder.resolve("policy.toml");
    Files.writeString(file, toml);
    return TomlSource.read(file, KNOWN, Map.of());
  }

  @ParameterizedTest
  @CsvSource({
    "quick-response, 5s, 100ms",
    "tool-use, 30s, 500ms",
    "embedding, 10s, 200ms",
    "code-generation, 60s, 2s",
    "general, 60s, 1s",
    "creative, 60s, 1s",
    "mathematical, 90s, 3s",
    "deep-thinking, 120s, 5s"
  })
  void allEightAreBuiltIn(String name, String timeout, String firstToken) {
    TaskRule rule = TaskClasses.standard().of(TaskClass.ofClassName(name).orElseThrow());

    assertThat(rule.timeout()).isEqualTo(parse(timeout));
    assertThat(rule.firstToken()).isEqualTo(parse(firstToken));
    assertThat(rule.keywords()).isNotEmpty();
    assertThat(rule.hints()).isNotEmpty();
  }

  private static Duration parse(String text) {
    return Duration.parse("PT" + text.replaceFirst("^(\\d+)ms$", "0.$1s"));
  }

  @Test
  void anEntryKeepsWhatItLeavesOut() throws IOException {
    TaskClasses classes =
        TaskClasses.of(
            values(
                """
                [[task-classes]]
                name = "creative"
                timeout = "90s"
                keywords = ["slogan", "write a * tale"]
                """));
    TaskRule creative = classes.of(TaskClass.CREATIVE);
    TaskRule builtIn = TaskClasses.standard().of(TaskClass.CREATIVE);

    assertThat(creative.timeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(creative.keywords()).containsExactly("slogan", "write a * tale");
    assertThat(creative.hints()).isEqualTo(builtIn.hints());
    assertThat(creative.firstToken()).isEqualTo(builtIn.firstToken());
    assertThat(classes.of(TaskClass.GENERAL))
        .isEqualTo(TaskClasses.standard().of(TaskClass.GENERAL));
  }

  @Test
  void everyKeyIsRead() throws IOException {
    TaskRule rule =
        TaskClasses.of(
                values(
                    """
                    [[task-classes]]
                    name = "general"
                    timeout = "7s"
                    first-token-target = "3s"
                    keywords = ["alpha"]
                    hints = ["beta"]
                    """))
            .of(TaskClass.GENERAL);

    assertThat(rule)
        .isEqualTo(
            new TaskRule(
                TaskClass.GENERAL,
                Duration.ofSeconds(7),
                Duration.ofSeconds(3),
                List.of("alpha"),
                List.of("beta")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "name = 'creativ' | :2: | task-classes.name: must be quick-response, tool-use,",
        "timeout = '90s' | :1: | task-classes.name: must be given",
        "name = 'creative'; keyword = ['a'] | :3: | there is no such key; did you mean"
            + " task-classes.keywords?",
        "name = 'creative'; keywords = ['* a'] | :3: | task-classes.keywords: must be phrases of 1"
            + " to 8 words",
        "name = 'creative'; keywords = ['A b', 'a  B'] | :3: | 'a  B' stands twice in 'creative',"
            + " also as 'A b'",
        "name = 'creative'; hints = ['Poem'] | :3: | 'Poem' stands twice in 'creative', also as"
            + " 'poem'",
        "name = 'creative'; timeout = '500ms' | :1: | first-token-target: is longer than the"
            + " timeout of 'creative'",
        "name = 'creative'; first-token-target = '2m' | :3: | first-token-target: is longer than"
            + " the timeout",
      })
  void whatIsWrongIsRefusedWithItsPlace(String entry, String line, String problem) {
    assertThatThrownBy(
            () -> TaskClasses.of(values("[[task-classes]]\n" + entry.replace("; ", "\n") + "\n")))
        .hasMessageContaining("policy.toml" + line)
        .hasMessageContaining(problem);
  }

  @Test
  void whatIsShownCanBeReadAgain() throws IOException {
    String shown = TomlText.of(KNOWN, Values.none(), false);

    assertThat(TaskClasses.of(values(shown))).isEqualTo(TaskClasses.standard());
  }

  @Test
  void noClassIsMissing() {
    assertThatThrownBy(() -> new TaskClasses(Map.of()))
        .isNotInstanceOf(InvalidSettingException.class)
        .hasMessage("task-classes: 'quick-response' is missing");
  }
}
