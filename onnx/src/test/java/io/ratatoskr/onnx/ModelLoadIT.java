package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a model cannot be used, and what the user reads then. */
class ModelLoadIT {
  private static final InferenceConfig CONFIG = new InferenceConfig(new Device.Cpu(), 1, 1, 64);

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
  void load_weightsBesideTheGraphMissing_namesThem() throws IOException {
    Path folder = copySentenceTransformer("embeddinggemma");
    Files.delete(folder.resolve("onnx/model.onnx_data"));
    assertRefused(folder, ModelLoadException.Reason.NOT_A_MODEL, "model.onnx_data");
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
  void load_unknownModule_namesItAndSaysWhatWouldDo() throws IOException {
    Path folder = copy("hidden");
    Files.writeString(
        folder.resolve("modules.json"), "[{\"type\": \"sentence_transformers.models.LayerNorm\"}]");
    assertRefused(
        folder, ModelLoadException.Reason.SETTINGS, "models.LayerNorm", "sentence_embedding");
  }

  @Test
  void load_unknownPooling_saysWhatThereIs() throws IOException {
    Path folder = copy("hidden");
    Files.writeString(
        folder.resolve("1_Pooling/config.json"), "{\"pooling_mode\": [\"mean\", \"median\"]}");
    assertRefused(
        folder, ModelLoadException.Reason.SETTINGS, "\"median\"", "weightedmean", "lasttoken");
  }

  @Test
  void load_poolingWithoutThePromptAndAPrompt_isRefused() throws IOException {
    Path folder = copy("hidden");
    Files.writeString(
        folder.resolve("1_Pooling/config.json"),
        "{\"pooling_mode\": \"mean\", \"include_prompt\": false}");
    Files.writeString(
        folder.resolve("config_sentence_transformers.json"), "{\"prompts\": {\"query\": \"a \"}}");
    assertRefused(folder, ModelLoadException.Reason.SETTINGS, "include_prompt");
  }

  @Test
  void load_denseBesideNoListOfModules_saysWhatIsMissing() throws IOException {
    Path folder = copySentenceTransformer("labse");
    Files.delete(folder.resolve("modules.json"));
    assertRefused(folder, ModelLoadException.Reason.SETTINGS, "2_Dense", "modules.json");
  }

  @Test
  void load_denseAsAPickle_saysHowToConvertIt() throws IOException {
    Path folder = copySentenceTransformer("labse");
    Files.move(
        folder.resolve("2_Dense/model.safetensors"), folder.resolve("2_Dense/pytorch_model.bin"));
    assertRefused(
        folder,
        ModelLoadException.Reason.SETTINGS,
        "2_Dense/pytorch_model.bin",
        "weights_only=True",
        "2_Dense/model.safetensors");
  }

  @Test
  void load_denseWithoutWeights_namesThem() throws IOException {
    Path folder = copySentenceTransformer("labse");
    Files.delete(folder.resolve("2_Dense/model.safetensors"));
    assertRefused(
        folder, ModelLoadException.Reason.MISSING_FILE, "2_Dense has no model.safetensors");
  }

  @Test
  void load_denseOfAnotherSize_namesBoth() throws IOException {
    Path folder = copySentenceTransformer("labse");
    replace(folder.resolve("2_Dense/config.json"), "\"out_features\": 8", "\"out_features\": 9");
    assertRefused(
        folder, ModelLoadException.Reason.SETTINGS, "linear.weight has the shape [8, 8]", "[9, 8]");
  }

  @Test
  void load_denseBehindALongerVector_namesBothLengths() throws IOException {
    Path folder = copySentenceTransformer("labse");
    replace(
        folder.resolve("1_Pooling/config.json"),
        "\"pooling_mode\": \"cls\"",
        "\"pooling_mode\": [\"cls\", \"max\"]");
    assertRefused(
        folder, ModelLoadException.Reason.SETTINGS, "2_Dense takes vectors of 8 numbers", "16");
  }

  @Test
  void load_denseWithAnUnknownActivation_namesIt() throws IOException {
    Path folder = copySentenceTransformer("labse");
    replace(folder.resolve("2_Dense/config.json"), "activation.Tanh", "activation.GELU");
    assertRefused(folder, ModelLoadException.Reason.SETTINGS, "activation.GELU", "Tanh");
  }

  @Test
  void load_denseCutShort_saysSo() throws IOException {
    Path folder = copySentenceTransformer("labse");
    Path weights = folder.resolve("2_Dense/model.safetensors");
    byte[] whole = Files.readAllBytes(weights);
    Files.write(weights, java.util.Arrays.copyOf(whole, whole.length - 100));
    assertRefused(
        folder, ModelLoadException.Reason.SETTINGS, "2_Dense/model.safetensors", "not whole");
  }

  @Test
  void load_normaliseBeforeDense_isRefused() throws IOException {
    Path folder = copySentenceTransformer("labse");
    Files.writeString(
        folder.resolve("modules.json"),
        """
        [{"type": "x.Pooling", "path": "1_Pooling"}, {"type": "x.Normalize", "path": "3_Normalize"},
         {"type": "x.Dense", "path": "2_Dense"}]
        """);
    assertRefused(folder, ModelLoadException.Reason.SETTINGS, "x.Dense", "sentence_embedding");
  }

  @Test
  void load_graphPooledUnderAnotherNameAndDense_isRefused() throws IOException {
    Path folder = copy("pooled");
    Path graph = folder.resolve("onnx/model.onnx");
    // As long as the old name, so that nothing else in the file changes.
    String bytes = Files.readString(graph, StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains("sentence_embedding");
    Files.writeString(
        graph,
        bytes.replace("sentence_embedding", "vector_of_the_text"),
        StandardCharsets.ISO_8859_1);
    Files.writeString(
        folder.resolve("modules.json"), "[{\"type\": \"x.Dense\", \"path\": \"2_Dense\"}]");
    assertRefused(
        folder, ModelLoadException.Reason.SETTINGS, "2_Dense", "called vector_of_the_text");
  }

  @Test
  void load_graphWithLogitsOnlyAsEmbeddings_isRefused() throws IOException {
    Path folder = copy("hidden");
    Files.copy(
        TinyModels.folder("/styles", "bert-nli").resolve("model.onnx"),
        folder.resolve("model.onnx"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertRefused(
        folder, ModelLoadException.Reason.SIGNATURE, "no output with vectors", "logits FLOAT");
  }

  @Test
  void load_poolingForAGraphThatPoolsByItself_isRefused() throws IOException {
    Path folder = copy("pooled");
    Files.writeString(folder.resolve("model.toml"), "pooling = \"cls\"\n");
    assertRefused(
        folder, ModelLoadException.Reason.SETTINGS, "model.toml gives pooling", "leave it out");
  }

  @Test
  void load_limitsThatAreNone_takesTheOneThatIs() throws IOException {
    Path folder = copy("hidden");
    Files.writeString(folder.resolve("config.json"), "{\"max_position_embeddings\": -1}");
    Files.writeString(folder.resolve("sentence_bert_config.json"), "{\"max_seq_length\": null}");
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"model_max_length\": 20}");
    try (Embedder embedder = Embedder.load(ModelFiles.folder("x", folder), CONFIG)) {
      assertThat(embedder.spec().maxTokens()).isEqualTo(20);
    }
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

  private static void replace(Path file, String what, String with) throws IOException {
    String content = Files.readString(file);
    assertThat(content).contains(what);
    Files.writeString(file, content.replace(what, with));
  }

  private Path copySentenceTransformer(String name) throws IOException {
    return TinyModels.copy(TinyModels.folder("/sentence-transformers", name), temp.resolve(name));
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
