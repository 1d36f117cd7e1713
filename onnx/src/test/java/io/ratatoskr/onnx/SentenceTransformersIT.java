package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Truncation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Models as sentence-transformers saves them, exported in the style of ones that people use,
 * against the vectors that it gives itself: see {@code
 * src/test/python/make_sentence_transformers.py}.
 */
class SentenceTransformersIT {
  private static final InferenceConfig CONFIG = new InferenceConfig(new Device.Cpu(), 2, 1, 64);
  private static final float TOLERANCE = 1e-5f;

  @TempDir Path temp;

  @Test
  void labse_denseBesideTheGraph_isComputedHere() {
    assertThat(assertSameVectors("labse"))
        .returns("cls", spec -> spec.pooling().key())
        .returns(true, EmbeddingSpec::normalise)
        .returns(8, EmbeddingSpec::dimensions);
  }

  @Test
  void labse_graphThatGivesSentenceEmbedding_isTakenAsItIs() {
    assertThat(assertSameVectors("labse-pooled")).returns("graph", spec -> spec.pooling().key());
  }

  @Test
  void embeddingGemma_graphThatGivesSentenceEmbedding_isTakenAsItIs() {
    assertThat(assertSameVectors("embeddinggemma"))
        .returns("graph", spec -> spec.pooling().key())
        .returns("task: search result | query: ", EmbeddingSpec::queryPrefix)
        .returns("title: none | text: ", EmbeddingSpec::documentPrefix);
  }

  @Test
  void embeddingGemma_twoDenseBesideTheGraph_areComputedHere() {
    assertThat(assertSameVectors("embeddinggemma-dense"))
        .returns("mean", spec -> spec.pooling().key());
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen3-embedding-left", "qwen3-embedding-right"})
  void qwen3Embedding_positionsAndLastToken_areThoseOfTheText(String padding) {
    assertThat(assertSameVectors(padding)).returns("lasttoken", spec -> spec.pooling().key());
  }

  @Test
  void qwen3Embedding_graphThatTakesTheLastPosition_isPaddedAsItsTokenizerSays() {
    assertThat(assertSameVectors("qwen3-embedding-pooled"))
        .returns("graph", spec -> spec.pooling().key());
  }

  @Test
  void qwen3Embedding_graphForGeneration_startsWithoutEarlierTokens() {
    assertThat(assertSameVectors("qwen3-embedding-cached"))
        .returns("lasttoken", spec -> spec.pooling().key());
  }

  @ParameterizedTest
  @ValueSource(strings = {"max", "mean_sqrt_len_tokens", "weightedmean"})
  void pooling_eachMode_isComputedHere(String mode) {
    assertThat(assertSameVectors("pooling-" + mode))
        .returns(mode, spec -> spec.pooling().key())
        .returns(false, EmbeddingSpec::normalise);
  }

  @Test
  void pooling_severalModes_standOneAfterAnother() {
    assertThat(assertSameVectors("pooling-several"))
        .returns("mean+cls+lasttoken", spec -> spec.pooling().key())
        .returns(24, EmbeddingSpec::dimensions);
  }

  @Test
  void pooling_aFlagForEachMode_isRead() {
    assertThat(assertSameVectors("pooling-flags"))
        .returns("cls+max+mean", spec -> spec.pooling().key());
  }

  @Test
  void pooling_severalInTheModelsOwnFile_standInItsOrder() throws IOException {
    Path folder = copy("pooling-several", "own");
    Files.delete(folder.resolve("1_Pooling/config.json"));
    Files.writeString(
        folder.resolve("model.toml"), "pooling = [\"mean\", \"cls\", \"lasttoken\"]\n");

    assertSameVectors("pooling-several", folder);
  }

  @Test
  void lowerCase_thatItsFilesAskFor_isDone() throws IOException {
    Path folder = copy("qwen3-embedding-right", "lower");
    Files.writeString(folder.resolve("sentence_bert_config.json"), "{\"do_lower_case\": true}");

    try (Embedder plain = embedder("qwen3-embedding-right", folder("qwen3-embedding-right"));
        Embedder lower = embedder("qwen3-embedding-right", folder)) {
      assertThat(vector(lower, "A CAT")).containsExactly(vector(plain, "a cat"));
      assertThat(vector(plain, "A CAT")).isNotEqualTo(vector(plain, "a cat"));
      assertThat(lower.spec().spaceId()).isNotEqualTo(plain.spec().spaceId());
    }
  }

  @Test
  void spaceId_ofAnotherLayer_isAnother() throws IOException {
    Path changed = copy("labse", "labse");
    Path weights = changed.resolve("2_Dense/model.safetensors");
    byte[] content = Files.readAllBytes(weights);
    content[content.length - 2] ^= 1;
    Files.write(weights, content);
    Path activated = copy("labse", "other/labse");
    Path config = activated.resolve("2_Dense/config.json");
    Files.writeString(
        config, Files.readString(config).replace("activation.Tanh", "linear.Identity"));

    assertThat(
            List.of(
                space("labse", folder("labse")),
                space("labse", changed),
                space("labse", activated)))
        .doesNotHaveDuplicates();
  }

  @Test
  void spaceId_ofOtherWeightsBesideTheGraph_isAnother() throws IOException {
    Path renamed = copy("embeddinggemma", "renamed");
    Path graph = renamed.resolve("onnx/model.onnx");
    // As long as the old name, so that nothing else in the file changes.
    String bytes = Files.readString(graph, StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains("model.onnx_data");
    Files.writeString(
        graph, bytes.replace("model.onnx_data", "weights_all.bin"), StandardCharsets.ISO_8859_1);
    Path weights = renamed.resolve("onnx/weights_all.bin");
    Files.move(renamed.resolve("onnx/model.onnx_data"), weights);
    String before = space("m", renamed);

    byte[] content = Files.readAllBytes(weights);
    content[10] ^= 1;
    Files.write(weights, content);

    assertThat(ExternalWeights.of(graph)).containsExactly(weights);
    assertThat(space("m", renamed)).isNotEqualTo(before);
    assertThat(ExternalWeights.of(folder("labse").resolve("onnx/model.onnx"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a model, two", "größe", "松鼠 & co"})
  void path_ofAnyName_loads(String name) throws IOException {
    Path folder = copy("embeddinggemma", name);
    ModelStore store = new ModelStore(ModelCache.standard(), temp);

    assertThat(space("x", folder)).isEqualTo(space("x", folder("embeddinggemma")));
    assertThat(store.ids(ModelKind.EMBEDDING)).containsExactly(name);
    try (Embedder embedder = Embedder.load(store.find(name), CONFIG)) {
      assertThat(embedder.spec().id()).isEqualTo(name);
    }
    assertThat(ModelStore.id(folder.toString())).isEqualTo(name);
  }

  private static EmbeddingSpec assertSameVectors(String style) {
    return assertSameVectors(style, folder(style));
  }

  private static EmbeddingSpec assertSameVectors(String style, Path folder) {
    List<JsonNode> golden = Golden.of(folder(style));
    try (Embedder embedder = embedder(style, folder)) {
      for (InputType type : InputType.values()) {
        List<JsonNode> rows =
            golden.stream().filter(row -> row.path("type").asString().equals(type.name())).toList();
        List<String> texts = rows.stream().map(row -> row.path("text").asString()).toList();
        List<ItemResult> together =
            embedder.submit(embedder.prepare(texts, type, Truncation.ERROR), Lane.BULK).join();
        Golden.assertGiven(together, rows, TOLERANCE);
        List<ItemResult> alone = new ArrayList<>();
        for (String text : texts) {
          Tokenised one = embedder.prepare(List.of(text), type, Truncation.ERROR);
          alone.addAll(embedder.submit(one, Lane.INTERACTIVE).join());
        }
        Golden.assertGiven(alone, rows, TOLERANCE);
      }
      return embedder.spec();
    }
  }

  private static Embedder embedder(String id, Path folder) {
    return Embedder.load(ModelFiles.folder(id, folder), CONFIG);
  }

  private static float[] vector(Embedder embedder, String text) {
    Tokenised prepared = embedder.prepare(List.of(text), InputType.DOCUMENT, Truncation.ERROR);
    ItemResult result = embedder.submit(prepared, Lane.INTERACTIVE).join().getFirst();
    assertThat(result).isInstanceOf(ItemResult.Inferred.class);
    return ((ItemResult.Inferred) result).output();
  }

  private static String space(String id, Path folder) {
    try (Embedder embedder = embedder(id, folder)) {
      return embedder.spec().spaceId();
    }
  }

  private Path copy(String style, String name) throws IOException {
    Path target = temp.resolve(name);
    Files.createDirectories(target.getParent());
    return TinyModels.copy(folder(style), target);
  }

  private static Path folder(String style) {
    return TinyModels.folder("/sentence-transformers", style);
  }
}
