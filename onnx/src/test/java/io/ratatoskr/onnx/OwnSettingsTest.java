package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnSettingsTest {
  @TempDir Path folder;

  @Test
  void read_everyKey_givesItsValue() throws IOException {
    OwnSettings settings =
        read(
            """
            kind = "nli"
            graph = "onnx/model_int8.onnx"
            max-tokens = 300
            pooling = ["mean", "lasttoken"]
            normalise = false
            query-prefix = " query: "
            document-prefix = "title: none | text: "
            device = "cuda:1"

            [labels]
            entailment = 2
            neutral = 1
            contradiction = 0
            """);
    assertThat(settings.kind()).hasValue(ModelKind.NLI);
    assertThat(settings.graph()).hasValue("onnx/model_int8.onnx");
    assertThat(settings.maxTokens()).hasValue(300);
    assertThat(settings.pooling()).hasValue(Pooling.of(Pooling.Mode.MEAN, Pooling.Mode.LAST_TOKEN));
    assertThat(settings.normalise()).hasValue(false);
    assertThat(settings.queryPrefix()).hasValue(" query: ");
    assertThat(settings.documentPrefix()).hasValue("title: none | text: ");
    assertThat(settings.device()).hasValue(new Device.Cuda(1));
    assertThat(settings.labels())
        .hasValue(Map.of("entailment", 2, "neutral", 1, "contradiction", 0));
  }

  @Test
  void read_noFile_givesNothing() {
    assertNothing(OwnSettings.read(new FolderFiles("m", folder)));
  }

  @Test
  void read_anEmptyFile_givesNothing() throws IOException {
    assertNothing(read("# nothing\n"));
  }

  private static void assertNothing(OwnSettings settings) {
    assertThat(
            new Optional<?>[] {
              settings.kind(),
              settings.graph(),
              settings.maxTokens(),
              settings.pooling(),
              settings.normalise(),
              settings.queryPrefix(),
              settings.documentPrefix(),
              settings.device(),
              settings.labels()
            })
        .containsOnly(Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "poolin = \"mean\" | model.toml:2:1: poolin: there is no such key; did you mean pooling?",
        "max_tokens = 9 | model.toml:2:1: max_tokens: there is no such key; did you mean"
            + " max-tokens?",
        "[router] | model.toml:2:1: [router]: there is no such section",
        "kind = \"chat\" | model.toml:2:1: kind: must be embedding, nli, is \"chat\"",
        "max-tokens = 0 | model.toml:2:1: max-tokens: must be 1 or more, is 0",
        "max-tokens = \"many\" | max-tokens: must be a whole number: 1 or more, is \"many\"",
        "pooling = \"median\" | pooling: must be of cls, max, mean",
        "pooling = [\"mean\", \"mean\"] | pooling: one or more different modes",
        "normalise = 1 | normalise: must be true or false, is \"1\"",
        "labels = { entailment = \"first\" } | labels.entailment: must be the position of a class",
        "graph = [\"a\", \"b\"] | graph: must be a text",
        "query-prefix = [\"a\"] | query-prefix: must be a text",
        "query-prefix = \"${HOME}\" | query-prefix: the environment has no variable HOME",
        "device = \"gpu\" | device: must be cpu, cuda:N or auto, is \"gpu\"",
        "kind = | model.toml:2:",
      })
  void read_aMistake_namesLineKeyAndWhatIsAllowed(String line, String message) {
    ModelLoadException refused =
        catchThrowableOfType(
            ModelLoadException.class, () -> read("# ours\n" + line + "\n").pooling());
    assertThat(refused).hasMessageStartingWith("Model m: ").hasMessageContaining(message);
    assertThat(refused.reason()).isEqualTo(ModelLoadException.Reason.SETTINGS);
  }

  @Test
  void read_severalMistakes_namesAll() {
    assertThat(
            catchThrowableOfType(
                ModelLoadException.class, () -> read("kind = \"chat\"\nmax-tokens = 0\n")))
        .hasMessageContainingAll("model.toml:1:1: kind", "model.toml:2:1: max-tokens");
  }

  private OwnSettings read(String content) throws IOException {
    Files.writeString(folder.resolve(OwnSettings.FILE), content);
    return OwnSettings.read(new FolderFiles("m", folder));
  }
}
