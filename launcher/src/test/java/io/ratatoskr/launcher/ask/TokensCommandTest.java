package io.ratatoskr.launcher.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.launcher.CommandRun;
import io.ratatoskr.launcher.command.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TokensCommandTest {

  @Test
  void text_ofAKnownModel_isCounted() {
    CommandRun ran = CommandRun.of("tokens", "hello world", "--model", "gpt-4o-mini");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out().strip()).isEqualTo("2");
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void text_ofAnApproximatedModel_isCountedAndSaysSo() {
    CommandRun ran = CommandRun.of("tokens", "hello world", "--model", "claude-sonnet");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out().strip()).isEqualTo("2");
    assertThat(ran.err()).startsWith("approximate, by cl100k_base: ");
  }

  @Test
  void detail_showsIdsAndBytes() {
    CommandRun ran = CommandRun.of("tokens", "h\u00e9 \n", "--model", "gpt-4", "--detail");

    assertThat(ran.out().lines())
        .containsExactly("71\t0\t1\t\"h\"", "978\t1\t3\t\"\u00e9\"", "720\t3\t5\t\" \\n\"");
  }

  @Test
  void json_holdsEverything() {
    JsonNode exact =
        CommandRun.of("tokens", "hi there", "--model", "gpt-4", "--detail", "--json").json();
    JsonNode approximate = CommandRun.of("tokens", "", "--model", "llama3.1:8b", "--json").json();

    assertThat(exact.path("count").asInt()).isEqualTo(exact.path("tokens").size());
    assertThat(exact.path("tokens").path(1).path("start").asInt()).isEqualTo(2);
    assertThat(exact.path("approximate").asBoolean(true)).isFalse();
    assertThat(approximate.path("count").asInt(-1)).isZero();
    assertThat(approximate.path("approximate").asBoolean()).isTrue();
    assertThat(approximate.path("note").asString()).contains("Llama");
    assertThat(approximate.has("tokens")).isFalse();
  }

  @Test
  void list_namesWhatIsKnown() {
    assertThat(CommandRun.of("tokens", "--list").out().lines())
        .anySatisfy(line -> assertThat(line).startsWith("claude ").contains("approximate: "))
        .anySatisfy(line -> assertThat(line).startsWith("nli-minilm-l6 "))
        .anySatisfy(line -> assertThat(line).matches("gpt-4o +o200k_base\\s*"));
    assertThat(CommandRun.of("tokens", "--list", "--json").json()).hasSizeGreaterThan(10);
  }

  @Test
  void modelsDir_namesTheFoldersInIt_andIsForThisProcessAlone() {
    String models = TokensCommandIT.STYLES.toString();

    assertThat(CommandRun.of("tokens", "--list", "--models-dir", models).out().lines())
        .anySatisfy(line -> assertThat(line).startsWith("roberta-nli "));
    assertThat(CommandRun.of("tokens", "--list", "--set", "models.dir=" + models).out())
        .contains("roberta-nli");
    assertThat(CommandRun.of("tokens", "--list", "--models-dir", "none").err())
        .startsWith("tokens: --models-dir: models.dir: ");
    assertThat(
            CommandRun.of(
                    "tokens", "x", "--model", "bge", "--models-dir", models, "--bootstrap", "b:1")
                .err())
        .startsWith("ratatoskr tokens: --models-dir: the pipeline at --bootstrap has its own");
  }

  @Test
  void unknownModel_isOneLineThatNamesTheOthers() {
    CommandRun ran = CommandRun.of("tokens", "text", "--model", "no-such-model");

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(ran.err()).startsWith("tokens: ").contains("no-such-model", "claude", "gpt-4o");
  }

  @Test
  void standardInput_isReadWhole_andMustBeUtf8() throws IOException {
    byte[] text = "one\ntwo \ud83d\udc69\n".getBytes(StandardCharsets.UTF_8);
    assertThat(TokensCommand.read(new ByteArrayInputStream(text)))
        .isEqualTo("one\ntwo \ud83d\udc69\n");
    assertThatThrownBy(() -> TokensCommand.read(new ByteArrayInputStream(new byte[] {'a', -1})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("UTF-8");
  }
}
