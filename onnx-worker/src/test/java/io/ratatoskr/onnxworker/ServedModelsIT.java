package io.ratatoskr.onnxworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.onnx.ModelKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which models a folder of folders adds. */
class ServedModelsIT {
  private static final ServedModels.Keys NLI =
      ServedModels.Keys.of(ModelKind.NLI, "nli", "NLI", "nli-minilm-l6");
  private static final ServedModels.Keys EMBED =
      ServedModels.Keys.of(ModelKind.EMBEDDING, "embed", "embedding", "all-minilm-l6-v2");

  @TempDir Path folder;

  @BeforeEach
  void models() throws IOException {
    model("deberta", "{\"architectures\": [\"DebertaV2ForSequenceClassification\"]}");
    model("bge", "{\"architectures\": [\"BertModel\"]}");
    Files.createDirectory(folder.resolve("empty"));
  }

  private void model(String name, String config) throws IOException {
    Files.writeString(Files.createDirectories(folder.resolve(name)).resolve("config.json"), config);
  }

  @Test
  void of_folderOfModels_addsThoseOfItsKind() {
    Map<String, String> values = Map.of("models-dir", folder.toString());

    assertThat(NLI.of(values).byId()).containsOnlyKeys("nli-minilm-l6", "deberta");
    assertThat(EMBED.of(values).byId()).containsOnlyKeys("all-minilm-l6-v2", "bge");
  }

  @Test
  void of_modelOfTheFolderByItsName_isServedOnce() {
    assertThat(NLI.of(Map.of("models-dir", folder.toString(), "nli-models", "deberta")).byId())
        .containsOnlyKeys("deberta");
  }

  @Test
  void of_pathOfAModel_isServedUnderTheFoldersName() {
    String path = folder.resolve("deberta").toString();

    assertThat(NLI.of(Map.of("nli-models", path)).byId())
        .containsExactly(Map.entry("deberta", path));
  }

  @Test
  void of_whatIsNotThere_namesTheKey() {
    assertThatThrownBy(() -> NLI.of(Map.of("nli-models", "deberta")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("nli-models: ");
    assertThatThrownBy(() -> NLI.of(Map.of("nli-models", folder.resolve("none").toString())))
        .hasMessageStartingWith("nli-models: ");
    assertThatThrownBy(() -> NLI.of(Map.of("models-dir", folder.resolve("none").toString())))
        .hasMessageStartingWith("models-dir: must be a folder");
    assertThatThrownBy(() -> NLI.of("nli-minilm-l6", folder.resolve("nli-minilm-l6") + ""))
        .hasMessageStartingWith("nli-models: ");
  }

  @Test
  void of_modelWhoseConfigurationCannotBeRead_namesTheFolder() throws IOException {
    model("broken", "{");

    assertThatThrownBy(() -> NLI.of(Map.of("models-dir", folder.toString())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("models-dir: ")
        .hasMessageContaining("broken");
  }
}
