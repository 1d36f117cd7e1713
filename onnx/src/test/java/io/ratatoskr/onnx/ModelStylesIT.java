package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.PairTruncation;
import io.ratatoskr.schemas.Truncation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Every style of export, as {@code src/test/python/make_styles.py} made it, against what Hugging
 * Face's tokenizers and ONNX's reference evaluator gave there.
 */
class ModelStylesIT {
  private static final InferenceConfig CONFIG = new InferenceConfig(new Device.Cpu(), 2, 1, 64);

  @ParameterizedTest
  @ValueSource(
      strings = {"mpnet", "bge", "bge-int8", "e5", "gte-pooled", "gte-fp16", "roberta-embeddings"})
  void embed_everyStyle_isWhatTheReferenceGives(String style) {
    List<JsonNode> golden = golden(style);
    try (Embedder embedder = Embedder.load(files(style), CONFIG)) {
      List<String> texts = golden.stream().map(row -> row.path("text").asString()).toList();
      Tokenised all = embedder.prepare(texts, InputType.DOCUMENT, Truncation.ERROR);

      assertGolden(style, golden, embedder.submit(all, Lane.BULK).join());
      List<ItemResult> alone = new ArrayList<>();
      for (String text : texts) {
        Tokenised one = embedder.prepare(List.of(text), InputType.DOCUMENT, Truncation.ERROR);
        alone.addAll(embedder.submit(one, Lane.INTERACTIVE).join());
      }
      assertGolden(style, golden, alone);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-nli",
        "distilbert-nli-int8",
        "roberta-nli",
        "deberta-nli-fp16",
        "deberta-nli-two",
        "xlm-r-nli"
      })
  void classify_everyStyle_isWhatTheReferenceGives(String style) {
    List<JsonNode> golden = golden(style);
    try (PairClassifier classifier = PairClassifier.load(files(style), CONFIG)) {
      List<TextPair> pairs = golden.stream().map(ModelStylesIT::pair).toList();
      Tokenised all = classifier.prepare(pairs, PairTruncation.ERROR);

      assertGolden(style, golden, classifier.submit(all, Lane.BULK).join());
      List<ItemResult> alone = new ArrayList<>();
      for (TextPair pair : pairs) {
        Tokenised one = classifier.prepare(List.of(pair), PairTruncation.ERROR);
        alone.addAll(classifier.submit(one, Lane.INTERACTIVE).join());
      }
      assertGolden(style, golden, alone);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-nli",
        "distilbert-nli-int8",
        "roberta-nli",
        "deberta-nli-fp16",
        "deberta-nli-two",
        "xlm-r-nli"
      })
  void encode_everyStyle_textsOneByOneAndJoined(String style) {
    try (GraphTokenizer tokenizer = GraphTokenizer.load(files(style).tokenizer())) {
      assertThat(PairEncoder.of(tokenizer).apart()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bert-nli, 1, 2, 0, 32",
    "distilbert-nli-int8, 0, 1, 2, 32",
    "roberta-nli, 2, 1, 0, 62",
    "deberta-nli-fp16, 0, 1, 2, 32",
    "deberta-nli-two, 0, -1, 1, 32",
    "xlm-r-nli, 2, 1, 0, 24"
  })
  void spec_ofAPairModel_isWhatItsFilesSay(
      String style, int entailment, int neutral, int contradiction, int maxTokens) {
    try (PairClassifier classifier = PairClassifier.load(files(style), CONFIG)) {
      OptionalInt third = neutral < 0 ? OptionalInt.empty() : OptionalInt.of(neutral);
      assertThat(classifier.spec())
          .returns(style, PairSpec::id)
          .returns(maxTokens, PairSpec::maxTokens)
          .returns(new NliLabels(entailment, third, contradiction), PairSpec::labels);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mpnet, mean, true, 30, '', ''",
    "bge, cls, true, 32, 'the ', ''",
    "bge-int8, cls, true, 32, '', ''",
    "e5, mean, true, 32, 'a ', 'the '",
    "gte-pooled, graph, true, 64, '', ''",
    "gte-fp16, cls, false, 64, '', ''",
    "roberta-embeddings, mean, true, 62, '', ''"
  })
  void spec_ofAnEmbeddingModel_isWhatItsFilesSay(
      String style, String pooling, boolean normalise, int maxTokens, String query, String doc) {
    try (Embedder embedder = Embedder.load(files(style), CONFIG)) {
      assertThat(embedder.spec())
          .returns(pooling, spec -> spec.pooling().key())
          .returns(normalise, EmbeddingSpec::normalise)
          .returns(maxTokens, EmbeddingSpec::maxTokens)
          .returns(query, EmbeddingSpec::queryPrefix)
          .returns(doc, EmbeddingSpec::documentPrefix)
          .returns(4, EmbeddingSpec::dimensions);
    }
  }

  @Test
  void kind_ofEveryFolder_comesFromItsFiles() {
    assertThat(ModelFiles.kind(folder("bert-nli"))).isEqualTo(ModelKind.NLI);
    assertThat(ModelFiles.kind(folder("deberta-nli-two"))).isEqualTo(ModelKind.NLI);
    // It has a label map, as every configuration written by some versions of transformers.
    assertThat(ModelFiles.kind(folder("bge"))).isEqualTo(ModelKind.EMBEDDING);
    assertThat(ModelFiles.kind(folder("gte-pooled"))).isEqualTo(ModelKind.EMBEDDING);
  }

  private static void assertGolden(String style, List<JsonNode> golden, List<ItemResult> results) {
    Golden.assertGiven(results, golden, style.endsWith("fp16") ? 5e-3f : 1e-5f);
  }

  private static TextPair pair(JsonNode row) {
    return new TextPair(row.path("premise").asString(), row.path("hypothesis").asString());
  }

  private static List<JsonNode> golden(String style) {
    return Golden.of(folder(style));
  }

  private static ModelFiles files(String style) {
    return ModelFiles.folder(style, folder(style));
  }

  private static Path folder(String style) {
    return TinyModels.folder("/styles", style);
  }
}
