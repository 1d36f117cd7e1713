package io.ratatoskr.onnxworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.onnx.Device;
import io.ratatoskr.onnx.ModelKind;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which models a folder of folders adds. */
class ServedModelsIT {
  private static final ModelsConfig.Keys NLI =
      ModelsConfig.Keys.of(ModelKind.NLI, "nli", "NLI", "nli-minilm-l6");
  private static final ModelsConfig.Keys EMBED =
      ModelsConfig.Keys.of(ModelKind.EMBEDDING, "embed", "embedding", "all-minilm-l6-v2");

  private static ServedModels of(ModelsConfig.Keys keys, Map<String, String> values) {
    List<Setting<?>> known = new ArrayList<>(keys.settings());
    known.addAll(ModelsConfig.common());
    return keys.of(Values.of(known, values)).served();
  }

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
    Map<String, String> values = Map.of("models.dir", folder.toString());

    assertThat(of(NLI, values).byId()).containsOnlyKeys("nli-minilm-l6", "deberta");
    assertThat(of(EMBED, values).byId()).containsOnlyKeys("all-minilm-l6-v2", "bge");
  }

  @Test
  void of_modelOfTheFolderByItsName_isServedOnce() {
    assertThat(of(NLI, Map.of("models.dir", folder.toString(), "models.nli", "deberta")).byId())
        .containsOnlyKeys("deberta");
  }

  @Test
  void of_pathOfAModel_isServedUnderTheFoldersName() {
    String path = folder.resolve("deberta").toString();

    assertThat(of(NLI, Map.of("models.nli", path)).byId())
        .containsExactly(Map.entry("deberta", path));
  }

  @Test
  void of_pathWithACommaAndABlank_isOneModel() throws IOException {
    model("largest, newest", "{\"architectures\": [\"BertModel\"]}");
    String path = folder.resolve("largest, newest").toString();

    assertThat(EMBED.of(Values.none()).withNames(List.of(path)).served().byId())
        .containsExactly(Map.entry("largest, newest", path));
  }

  @Test
  void inference_ofAModelWhoseFileNamesADevice_isOnThatUnlessItsKeyNamesAnother()
      throws IOException {
    Files.writeString(folder.resolve("bge/model.toml"), "device = \"cuda:1\"\n");
    String dir = folder.toString();

    assertThat(of(EMBED, Map.of("models.dir", dir)))
        .returns(new Device.Cuda(1), served -> served.inference("bge").device())
        .returns(new Device.Cpu(), served -> served.inference("all-minilm-l6-v2").device());
    assertThat(of(EMBED, Map.of("models.dir", dir, "models.devices.bge", "cuda:2")))
        .returns(new Device.Cuda(2), served -> served.inference("bge").device());
    assertThat(of(EMBED, Map.of("models.embed", folder.resolve("bge") + "")))
        .returns(new Device.Cuda(1), served -> served.inference("bge").device());
  }

  @Test
  void of_modelWhoseOwnFileIsWrong_namesItsLine() throws IOException {
    Files.writeString(folder.resolve("bge/model.toml"), "devise = \"cpu\"\n");

    assertThatThrownBy(() -> of(EMBED, Map.of("models.embed", folder.resolve("bge") + "")))
        .hasMessageStartingWith("models.embed: ")
        .hasMessageContaining("model.toml:1:1: devise: there is no such key; did you mean device?");
  }

  @Test
  void of_whatIsNotThere_namesTheKey() {
    assertThatThrownBy(() -> of(NLI, Map.of("models.nli", "deberta")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("models.nli: ");
    assertThatThrownBy(() -> of(NLI, Map.of("models.nli", folder.resolve("none").toString())))
        .hasMessageStartingWith("models.nli: ");
    assertThatThrownBy(() -> of(NLI, Map.of("models.dir", folder.resolve("none").toString())))
        .hasMessageStartingWith("models.dir: must be a folder");
    assertThatThrownBy(() ->
            NLI.of(Values.none())
                .withNames(List.of("nli-minilm-l6", folder.resolve("nli-minilm-l6") + ""))
                .served())
        .hasMessageStartingWith("models.nli: ");
  }

  @Test
  void of_modelWhoseConfigurationCannotBeRead_namesTheFolder() throws IOException {
    model("broken", "{");

    assertThatThrownBy(() -> of(NLI, Map.of("models.dir", folder.toString())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("models.dir: ")
        .hasMessageContaining("broken");
  }
}
