package io.ratatoskr.launcher.ask;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.launcher.CommandRun;
import io.ratatoskr.launcher.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PresetsCommandTest {
  private static final String OWN =
      """
      [[presets]]
      name = "mine/chat"
      models = ["llama3.2:3b", "openai/gpt-4.1"]
      temperature = 0.2
      max-tokens = 500
      """;

  @TempDir private Path folder;

  private String file() throws IOException {
    return Files.writeString(folder.resolve("policy.toml"), OWN).toString();
  }

  @Test
  void list_showsBuiltInAndOwn() throws IOException {
    CommandRun run = CommandRun.of("presets", "list", "--config", file());

    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.WHOLE);
    assertThat(run.out().lines()).hasSize(22);
    assertThat(run.out())
        .containsPattern("(?m)^PRESET +CAPABILITY +MODELS +OPTIONS$")
        .containsPattern(
            "(?m)^free/agentic +chat, generate +up to free, good at tool-use, with tools +-$")
        .containsPattern(
            "(?m)^mine/chat +chat, generate +llama3.2:3b, openai/gpt-4.1"
                + " +temperature=0.2 max_tokens=500$");
  }

  @Test
  void list_asJson() throws IOException {
    CommandRun run = CommandRun.of("presets", "list", "--json", "--config", file());
    JsonNode own = JsonMapper.shared().readTree(run.out().lines().toList().getLast());

    assertThat(own)
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    """
                    {"preset": "mine/chat", "tier": "mine", "slot": "chat",
                     "capabilities": ["chat", "generate"],
                     "models": ["llama3.2:3b", "openai/gpt-4.1"], "cost_tier": "medium",
                     "task_class": "general", "tools": false,
                     "options": {"temperature": 0.2, "max_tokens": 500}}
                    """));
  }

  @Test
  void show_takesEitherFormOfTheName() {
    CommandRun run = CommandRun.of("presets", "show", "budget/coding");

    assertThat(run.out())
        .isEqualTo(
            """
            name:          ratatoskr:budget/coding
            capabilities:  chat, generate
            models:        up to low, good at code-generation
            options:       temperature=0.3 top_p=0.95
            """);
    assertThat(CommandRun.of("presets", "show", "ratatoskr:budget/coding")).isEqualTo(run);
    assertThat(CommandRun.of("presets", "show", "free/embedding", "--json").json().get("preset"))
        .hasToString("\"free/embedding\"");
  }

  @Test
  void whatIsNotThereIsRefusedInOneLine() {
    CommandRun run = CommandRun.of("presets", "show", "gold/coding");

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err())
        .startsWith("presets show: there is no preset 'gold/coding'; there are free/agentic, ")
        .hasLineCount(1);
    assertThat(CommandRun.of("presets").err()).startsWith("ratatoskr presets: name a command");
  }

  @Test
  void aWrongFileIsRefusedWithItsPlace() throws IOException {
    String file =
        Files.writeString(folder.resolve("x.toml"), "[[presets]]\nname = \"x\"\n").toString();

    CommandRun run = CommandRun.of("presets", "list", "--config", file);

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).startsWith("presets list: " + file + ":2:1: presets.name: must be ");
  }
}
