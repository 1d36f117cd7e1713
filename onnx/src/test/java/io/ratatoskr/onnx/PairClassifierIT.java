package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.PairTruncation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pairs with graphs of a few bytes: failures of one pair, odd tokenizers, what cannot be loaded.
 */
class PairClassifierIT {
  private static final InferenceConfig CONFIG = new InferenceConfig(new Device.Cpu(), 2, 1, 64);
  private static final TextPair GOOD = new TextPair("the dog sat", "a dog");
  private static final String LONG = "a cat ".repeat(20);

  @TempDir Path temp;

  @Test
  void classify_pairThatIsNotANumber_failsAlone() {
    TextPair good = new TextPair("a cat sat", "the cat");
    try (PairClassifier classifier = load(TinyModels.folder("nan-nli"))) {
      List<ItemResult> results =
          run(classifier, List.of(good, GOOD, good, good), PairTruncation.ERROR);

      assertThat(results.get(1)).isEqualTo(new ItemResult.NotANumber());
      assertThat(List.of(results.get(0), results.get(2), results.get(3)))
          .allSatisfy(result -> assertThat(result).isInstanceOf(ItemResult.Inferred.class));
    }
  }

  @Test
  void classify_sideWithoutTokensOrTooLong_failsAlone() {
    try (PairClassifier classifier = load(style("bert-nli"))) {
      List<ItemResult> results =
          run(
              classifier,
              List.of(
                  GOOD,
                  new TextPair("a cat", ""),
                  new TextPair(" \t", "a cat"),
                  new TextPair(LONG, "a")),
              PairTruncation.ERROR);

      assertThat(results.get(0)).isInstanceOf(ItemResult.Inferred.class);
      assertThat(results.get(1))
          .isEqualTo(new ItemResult.NoTokens(ItemResult.NoTokens.Part.HYPOTHESIS));
      assertThat(results.get(2))
          .isEqualTo(new ItemResult.NoTokens(ItemResult.NoTokens.Part.PREMISE));
      assertThat(results.get(3)).isEqualTo(new ItemResult.TooLong(32, 44));
    }
  }

  @Test
  void classify_longestFirst_isThePairOfWhatWasKept() {
    try (PairClassifier classifier = load(style("bert-nli"))) {
      List<ItemResult> results =
          run(
              classifier,
              List.of(
                  new TextPair(LONG, "the dog"),
                  new TextPair("a cat ".repeat(13) + "a", "the dog")),
              PairTruncation.LONGEST_FIRST);

      ItemResult.Inferred cut = (ItemResult.Inferred) results.getFirst();
      assertThat(cut.truncated()).isTrue();
      assertThat(cut.tokens()).isEqualTo(45);
      assertThat(cut.usedTokens()).isEqualTo(32);
      ItemResult.Inferred same = (ItemResult.Inferred) results.getLast();
      assertThat(same.truncated()).isFalse();
      assertThat(cut.output()).containsExactly(same.output(), within(1e-5f));
    }
  }

  @Test
  void encode_tokenizerThatTurnsPairsRound_isAskedForEachPairWhole() throws IOException {
    Path folder = copy("bert-nli");
    Path file = folder.resolve("tokenizer.json");
    // [CLS] hypothesis [SEP] premise [SEP]
    String turned =
        Files.readString(file)
            .replaceAll(
                "(?s)\"id\": \"A\",(\\s+)\"type_id\": 0(.{0,200}?)\"id\": \"B\"",
                "\"id\": \"B\",$1\"type_id\": 0$2\"id\": \"A\"");
    Files.writeString(file, turned);
    try (GraphTokenizer tokenizer = GraphTokenizer.load(file);
        PairClassifier classifier = load(folder);
        PairClassifier usual = load(style("bert-nli"))) {
      PairEncoder encoder = PairEncoder.of(tokenizer);
      TokenPair pair = encoder.encode(GOOD, new HashMap<>());
      TokenPair longPair = encoder.encode(new TextPair(LONG, "the dog"), new HashMap<>());

      assertThat(encoder.apart()).isFalse();
      assertThat(pair.premise()).isEqualTo(3);
      assertThat(pair.hypothesis()).isEqualTo(2);
      assertThat(longPair.keep(2, 1).ids()).hasSize(6);
      List<TextPair> round = List.of(new TextPair("a dog", "the dog sat"));
      assertThat(output(run(classifier, List.of(GOOD), PairTruncation.ERROR)))
          .containsExactly(output(run(usual, round, PairTruncation.ERROR)), within(1e-5f));
    }
  }

  @Test
  void encode_textWithTenLabels_isEncodedOnce() {
    try (GraphTokenizer tokenizer =
        GraphTokenizer.load(ModelFiles.folder("x", style("bert-nli")).tokenizer())) {
      PairEncoder encoder = PairEncoder.of(tokenizer);
      HashMap<String, Encoded> sides = new HashMap<>();
      TokenPair first = encoder.encode(new TextPair("a cat", "label 0"), sides);
      Encoded text = sides.get("a cat");
      for (int label = 1; label < 10; label++) {
        encoder.encode(new TextPair("a cat", "label " + label), sides);
      }

      assertThat(sides).hasSize(11);
      assertThat(sides.get("a cat")).isSameAs(text);
      assertThat(first).isInstanceOf(TokenPair.Apart.class);
    }
  }

  @Test
  void submit_manyRequests_loseAndMixNoPair() {
    try (PairClassifier classifier = load(style("roberta-nli"))) {
      List<String> words = List.of("a", "cat", "sat", "the dog", "ran far away", "the");
      List<TextPair> pairs =
          words.stream()
              .flatMap(one -> words.stream().map(other -> new TextPair(one, other)))
              .toList();
      List<Tokenised> requests =
          pairs.stream()
              .map(pair -> classifier.prepare(List.of(pair, GOOD), PairTruncation.ERROR))
              .toList();

      var futures = classifier.submitAll(requests, Lane.BULK);

      for (int i = 0; i < pairs.size(); i++) {
        List<ItemResult> together = futures.get(i).join();
        List<ItemResult> alone = run(classifier, List.of(pairs.get(i)), PairTruncation.ERROR);
        assertThat(together).hasSize(2);
        assertThat(output(together)).containsExactly(output(alone), within(1e-5f));
      }
    }
  }

  @Test
  void load_labelsThatSayNothing_namesThemAndTheWayOut() throws IOException {
    Path folder = copy("bert-nli");
    config(folder, "contradiction", "LABEL_0", "entailment", "LABEL_1", "neutral", "LABEL_2");
    assertRefused(
        folder, ModelLoadException.Reason.LABELS, "LABEL_0", "LABEL_2", "model.toml", "[labels]");

    Files.writeString(
        folder.resolve("model.toml"), "[labels]\nentailment = 2\nneutral = 1\ncontradiction = 0\n");
    try (PairClassifier classifier = load(folder)) {
      assertThat(classifier.spec().labels()).hasToString("contradiction, neutral, entailment");
    }
  }

  @Test
  void load_noLabelMap_saysSo() throws IOException {
    Path folder = copy("bert-nli");
    config(folder, "id2label", "x", "label2id", "y");
    assertRefused(folder, ModelLoadException.Reason.LABELS, "no label map", "model.toml");
  }

  @Test
  void load_mapsThatContradictEachOther_saysWhatEachSays() throws IOException {
    Path folder = copy("bert-nli");
    config(
        folder,
        "\"contradiction\": 0",
        "\"contradiction\": 1",
        "\"entailment\": 1",
        "\"entailment\": 0");
    assertRefused(folder, ModelLoadException.Reason.LABELS, "id2label", "label2id");
  }

  @Test
  void load_otherNumberOfLogitsThanLabels_saysBoth() throws IOException {
    Path folder = copy("bert-nli");
    Files.writeString(
        folder.resolve("model.toml"), "[labels]\nentailment = 1\nnot_entailment = 0\n");
    assertRefused(folder, ModelLoadException.Reason.LABELS, "3 logits", "2 classes");
  }

  @Test
  void load_embeddingModelAsPairs_saysWhatItIs() {
    assertRefused(
        style("bge"), ModelLoadException.Reason.SETTINGS, "embedding model", "kind = \"nli\"");
    assertThatThrownBy(
            () -> Embedder.load(ModelFiles.folder("x", style("bert-nli")), CONFIG).close())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("judges pairs");
  }

  @Test
  void load_graphWithoutLogits_namesWhatItHas() throws IOException {
    Path folder = copy("bge");
    Files.copy(TinyModels.folder("hidden").resolve("model.onnx"), folder.resolve("hidden.onnx"));
    Files.writeString(
        folder.resolve("model.toml"),
        """
        kind = "nli"
        graph = "hidden.onnx"
        labels = { entailment = 0, not_entailment = 1 }
        """);
    assertRefused(
        folder, ModelLoadException.Reason.SIGNATURE, "no output with logits", "last_hidden_state");
  }

  @Test
  void load_poolingThatNothingSays_canBeGiven() throws IOException {
    Path folder = copy("bge-int8");
    Files.delete(folder.resolve("model.toml"));
    assertThatThrownBy(() -> Embedder.load(ModelFiles.folder("x", folder), CONFIG).close())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContainingAll("1_Pooling/config.json", "pooling = ", "model.toml");
  }

  private static Path style(String name) {
    return TinyModels.folder("/styles", name);
  }

  private static PairClassifier load(Path folder) {
    return PairClassifier.load(ModelFiles.folder("tiny", folder), CONFIG);
  }

  private static List<ItemResult> run(
      PairClassifier classifier, List<TextPair> pairs, PairTruncation truncation) {
    return classifier.submit(classifier.prepare(pairs, truncation), Lane.INTERACTIVE).join();
  }

  private static float[] output(List<ItemResult> results) {
    return ((ItemResult.Inferred) results.getFirst()).output();
  }

  private static void config(Path folder, String... replacements) throws IOException {
    Path file = folder.resolve("config.json");
    String content = Files.readString(file);
    for (int i = 0; i < replacements.length; i += 2) {
      content = content.replace(replacements[i], replacements[i + 1]);
    }
    Files.writeString(file, content);
  }

  private Path copy(String name) throws IOException {
    return TinyModels.copy(style(name), temp.resolve(name));
  }

  private static void assertRefused(
      Path folder, ModelLoadException.Reason reason, String... words) {
    ModelLoadException refused =
        catchThrowableOfType(ModelLoadException.class, () -> load(folder).close());
    assertThat(refused).hasMessageContainingAll(words);
    assertThat(refused.reason()).isEqualTo(reason);
  }
}
