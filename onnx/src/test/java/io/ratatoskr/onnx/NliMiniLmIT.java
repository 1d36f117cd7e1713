package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.PairTruncation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The built-in NLI model against the logits that came with it. */
class NliMiniLmIT {
  private static final ModelCache CACHE = new ModelCache(Path.of("target", "models"));
  private static final String LONG = "word ".repeat(600);

  private static PairClassifier model;
  private static List<JsonNode> golden;

  @BeforeAll
  static void load() throws IOException {
    model =
        PairClassifier.load(ModelFiles.builtIn("nli-minilm-l6", CACHE), InferenceConfig.defaults());
    golden = new ArrayList<>();
    try (var lines =
        Objects.requireNonNull(
            NliMiniLmIT.class.getResourceAsStream("/golden/nli-minilm-l6.jsonl"))) {
      new String(lines.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .forEach(line -> golden.add(JsonMapper.shared().readTree(line)));
    }
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void spec_ofTheBuiltInModel_isWhatItsConfigurationSays() {
    assertThat(golden).hasSize(40);
    assertThat(model.spec())
        .returns("nli-minilm-l6", PairSpec::id)
        .returns(512, PairSpec::maxTokens)
        .returns(new NliLabels(1, OptionalInt.of(2), 0), PairSpec::labels);
  }

  @Test
  void classify_goldenPairsAlone_areWithinOneHundredth() {
    for (JsonNode row : golden) {
      assertGolden(row, run(List.of(pair(row)), PairTruncation.ERROR).getFirst(), 0.01f);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void classify_goldenPairsInAnyBatch_areWithinTwoHundredths(int seed) {
    List<JsonNode> shuffled = new ArrayList<>(golden);
    Collections.shuffle(shuffled, new Random(seed));
    List<TextPair> pairs = shuffled.stream().map(NliMiniLmIT::pair).toList();

    List<ItemResult> results = run(pairs, PairTruncation.ERROR);

    for (int i = 0; i < shuffled.size(); i++) {
      assertGolden(shuffled.get(i), results.get(i), 0.02f);
    }
  }

  @Test
  void encode_goldenPairs_areTheTokensThatTheModelWasGiven() {
    try (GraphTokenizer tokenizer =
        GraphTokenizer.load(ModelFiles.builtIn("nli-minilm-l6", CACHE).tokenizer())) {
      PairEncoder encoder = PairEncoder.of(tokenizer);
      assertThat(encoder.apart()).isTrue();
      for (JsonNode row : golden) {
        TokenPair tokens = encoder.encode(pair(row), new java.util.HashMap<>());
        Encoded whole = tokens.keep(tokens.premise(), tokens.hypothesis());
        assertThat(whole.ids()).containsExactly(ints(row.path("input_ids")));
        int[] types = new int[whole.length()];
        java.util.Arrays.setAll(types, whole::typeId);
        assertThat(types).containsExactly(ints(row.path("token_type_ids")));
      }
    }
  }

  @Test
  void classify_pairAboveTheLimit_isRefusedOrCut() {
    TextPair pair = new TextPair(LONG, "a word");

    assertThat(run(List.of(pair), PairTruncation.ERROR))
        .containsExactly(new ItemResult.TooLong(512, 605));
    assertThat(run(List.of(pair), PairTruncation.LONGEST_FIRST).getFirst())
        .isInstanceOfSatisfying(
            ItemResult.Inferred.class,
            cut -> {
              assertThat(cut.truncated()).isTrue();
              assertThat(cut.tokens()).isEqualTo(605);
              assertThat(cut.usedTokens()).isEqualTo(512);
            });
  }

  @Test
  void classify_textThatStandsInManyPairs_givesEachPairItsOwn() {
    String premise = golden.getFirst().path("premise").asString();
    List<JsonNode> ofOnePremise =
        golden.stream().filter(row -> row.path("premise").asString().equals(premise)).toList();
    assertThat(ofOnePremise).hasSizeGreaterThan(1);

    List<ItemResult> results =
        run(ofOnePremise.stream().map(NliMiniLmIT::pair).toList(), PairTruncation.ERROR);

    for (int i = 0; i < results.size(); i++) {
      assertGolden(ofOnePremise.get(i), results.get(i), 0.02f);
    }
  }

  private static List<ItemResult> run(List<TextPair> pairs, PairTruncation truncation) {
    return model.submit(model.prepare(pairs, truncation), Lane.INTERACTIVE).join();
  }

  /** Order of probabilities and of logits: contradiction, entailment, neutral. */
  private static void assertGolden(JsonNode row, ItemResult result, float tolerance) {
    assertThat(result).isInstanceOf(ItemResult.Inferred.class);
    double[] probabilities = softmax(((ItemResult.Inferred) result).output());
    JsonNode expected = row.path("probabilities");
    double[] reference = {
      expected.path("contradiction").asDouble(),
      expected.path("entailment").asDouble(),
      expected.path("neutral").asDouble()
    };
    assertThat(probabilities)
        .as("%s", row.path("id"))
        .containsExactly(reference, within((double) tolerance));
    double[] sorted = reference.clone();
    java.util.Arrays.sort(sorted);
    if (sorted[2] - sorted[1] > 0.04) {
      assertThat(highest(probabilities)).isEqualTo(highest(reference));
    }
  }

  private static double[] softmax(float[] logits) {
    double[] powers = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      powers[i] = Math.exp(logits[i]);
      sum += powers[i];
    }
    for (int i = 0; i < powers.length; i++) {
      powers[i] /= sum;
    }
    return powers;
  }

  private static int highest(double[] values) {
    int highest = 0;
    for (int i = 1; i < values.length; i++) {
      highest = values[i] > values[highest] ? i : highest;
    }
    return highest;
  }

  private static TextPair pair(JsonNode row) {
    return new TextPair(row.path("premise").asString(), row.path("hypothesis").asString());
  }

  private static int[] ints(JsonNode array) {
    int[] ints = new int[array.size()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = array.path(i).asInt();
    }
    return ints;
  }
}
