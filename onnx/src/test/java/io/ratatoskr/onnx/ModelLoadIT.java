package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a model cannot be used, and what the user reads then. */
class ModelLoadIT {
  private static final InferenceConfig CONFIG = new InferenceConfig(new Device.Cpu(), 1, 1, 64, 8);

  @TempDir Path temp;

  @Test
  void load_noSuchFolder_saysWhatIsNeeded() {
    assertRefused(
        temp.resolve("none"), ModelLoadException.Reason.MISSING_FILE, "no folder", "model.onnx");
  }

  @Test
  void load_noTokenizer_namesIt() throws IOException {
    Path folder = copy("hidden");
    Files.delete(folder.resolve("tokenizer.json"));
    assertRefused(folder, ModelLoadException.Reason.MISSING_FILE, "no tokenizer.json");
  }

  @Test
  void load_noGraph_namesIt() throws IOException {
    Path folder = copy("hidden");
    Files.delete(folder.resolve("model.onnx"));
    assertRefused(folder, ModelLoadException.Reason.MISSING_FILE, "no model.onnx");
  }

  @Test
  void load_severalGraphs_namesThem() throws IOException {
    Path folder = copy("hidden");
    Files.copy(folder.resolve("model.onnx"), folder.resolve("model_int8.onnx"));
    Files.move(folder.resolve("model.onnx"), folder.resolve("model_fp16.onnx"));
    assertRefused(
        folder, ModelLoadException.Reason.MISSING_FILE, "model_fp16.onnx", "model_int8.onnx");
  }

  @Test
  void load_oneGraphOfAnotherName_isTaken() throws IOException {
    Path folder = copy("hidden");
    Files.createDirectory(folder.resolve("onnx"));
    Files.move(folder.resolve("model.onnx"), folder.resolve("onnx/model_O4.onnx"));
    try (Embedder embedder = Embedder.load(ModelFiles.folder("x", folder), CONFIG)) {
      assertThat(embedder.spec().dimensions()).isEqualTo(4);
    }
  }

  @Test
  void load_truncatedGraph_saysSo() throws IOException {
    Path folder = copy("hidden");
    byte[] whole = Files.readAllBytes(folder.resolve("model.onnx"));
    Files.write(folder.resolve("model.onnx"), java.util.Arrays.copyOf(whole, whole.length * 2 / 3));
    assertRefused(folder, ModelLoadException.Reason.NOT_A_MODEL, "no whole ONNX model");
  }

  @Test
  void load_notAGraph_saysSo() throws IOException {
    Path folder = copy("hidden");
    Files.writeString(
        folder.resolve("model.onnx"), "version https://git-lfs.github.com/spec/v1\nsize 3\n");
    assertRefused(folder, ModelLoadException.Reason.NOT_A_MODEL, "no whole ONNX model");
  }

  @Test
  void load_emptyGraph_saysSo() throws IOException {
    Path folder = copy("hidden");
    Files.write(folder.resolve("model.onnx"), new byte[0]);
    assertRefused(folder, ModelLoadException.Reason.NOT_A_MODEL, "0 bytes");
  }

  @Test
  void load_brokenTokenizer_saysSo() throws IOException {
    Path folder = copy("hidden");
    Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {\"type\": \"none\"}}");
    assertRefused(folder, ModelLoadException.Reason.TOKENIZER, "tokenizer.json");
  }

  @Test
  void load_wrongSignature_namesWhatTheModelHasAndWhatIsNeeded() {
    assertRefused(
        TinyModels.folder("wrong"),
        ModelLoadException.Reason.SIGNATURE,
        "no attention_mask",
        "input_ids INT64",
        "labels INT64",
        "Needed");
  }

  @Test
  void load_tokenizerLargerThanTheModel_namesTheToken() {
    assertRefused(
        TinyModels.folder("vocabulary"),
        ModelLoadException.Reason.VOCABULARY,
        "no vector for token 17");
  }

  @Test
  void load_limitLargerThanTheModels_saysSo() {
    assertRefused(
        TinyModels.folder("short"), ModelLoadException.Reason.SETTINGS, "limit of tokens, 32");
  }

  @Test
  void load_unknownModule_namesIt() throws IOException {
    Path folder = copy("hidden");
    Files.writeString(
        folder.resolve("modules.json"), "[{\"type\": \"sentence_transformers.models.Dense\"}]");
    assertRefused(folder, ModelLoadException.Reason.SETTINGS, "models.Dense");
  }

  @Test
  void load_poolingByMaximum_saysWhatThereIs() throws IOException {
    Path folder = copy("hidden");
    Files.writeString(
        folder.resolve("1_Pooling/config.json"), "{\"pooling_mode_max_tokens\": true}");
    assertRefused(folder, ModelLoadException.Reason.SETTINGS, "mean, cls and lasttoken");
  }

  @Test
  void load_noLimitAnywhere_saysWhereOneCouldStand() throws IOException {
    Path folder = copy("hidden");
    Files.delete(folder.resolve("config.json"));
    Files.delete(folder.resolve("sentence_bert_config.json"));
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"model_max_length\": 1e30}");
    assertRefused(folder, ModelLoadException.Reason.SETTINGS, "max_seq_length");
  }

  @Test
  void load_settingsThatAreNoJson_namesTheFile() throws IOException {
    Path folder = copy("hidden");
    Files.writeString(folder.resolve("config.json"), "{");
    assertRefused(folder, ModelLoadException.Reason.SETTINGS, "config.json is no JSON");
  }

  @Test
  void load_onAGpuWithTheCpuRuntime_saysWhatToDo() {
    ModelLoadException refused =
        catchThrowableOfType(
            ModelLoadException.class,
            () -> TinyModels.load("hidden", InferenceConfig.defaults(Device.parse("cuda:0"))));
    assertThat(refused.reason()).isEqualTo(ModelLoadException.Reason.DEVICE);
    assertThat(refused).hasMessageContainingAll("cuda:0", "onnxruntime_gpu", "CPU");
  }

  private Path copy(String name) throws IOException {
    return TinyModels.copy(TinyModels.folder(name), temp.resolve(name));
  }

  private static void assertRefused(
      Path folder, ModelLoadException.Reason reason, String... words) {
    ModelLoadException refused =
        catchThrowableOfType(
            ModelLoadException.class,
            () -> Embedder.load(ModelFiles.folder("tiny", folder), CONFIG).close());
    assertThat(refused).hasMessageContainingAll(words);
    assertThat(refused.reason()).isEqualTo(reason);
  }
}
