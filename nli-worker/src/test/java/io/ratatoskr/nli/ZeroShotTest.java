package io.ratatoskr.nli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ratatoskr.onnx.NliLabels;
import io.ratatoskr.schemas.judge.Labelling;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Worked by hand. Logits stand in the order contradiction, entailment, neutral. */
class ZeroShotTest {
  private static final NliLabels LABELS = new NliLabels(1, OptionalInt.of(2), 0);

  @ParameterizedTest
  @CsvSource({
    // entailment logit of each label; score of each: exp of it over the sum of all
    "0 0,  0.500000 0.500000",
    "1 0,  0.731059 0.268941",
    "0 1,  0.268941 0.731059",
    "2 1,  0.731059 0.268941",
    "0 0 0,  0.333333 0.333333 0.333333",
    "1 2 3,  0.090031 0.244728 0.665241",
    "3 2 1,  0.665241 0.244728 0.090031",
    "5 0 0,  0.986703 0.006648 0.006648",
    "-1 -1,  0.500000 0.500000",
    "-3 -1,  0.119203 0.880797",
    "0.5 0.5 0.5 0.5,  0.250000 0.250000 0.250000 0.250000",
    "1 1 0,  0.422319 0.422319 0.155362",
    "4 0,  0.982014 0.017986",
    "0 4,  0.017986 0.982014",
    "10 10,  0.500000 0.500000",
    "100 0,  1.000000 0.000000",
    "-100 -101,  0.731059 0.268941",
    "2.5 1.5 0.5,  0.665241 0.244728 0.090031",
    "1 2 3 4,  0.032059 0.087144 0.236883 0.643914",
    "0.1 0.2,  0.475021 0.524979",
    "7 7 7 6,  0.296923 0.296923 0.296923 0.109232",
    "1000 1000,  0.500000 0.500000"
  })
  void scores_oneOfTheLabels_handWorked(String entailments, String scores) {
    // What else a pair says does not count.
    List<float[]> logits =
        numbers(entailments).map(logit -> new float[] {7, logit.floatValue(), -3}).toList();

    assertThat(ZeroShot.scores(logits, LABELS, false))
        .containsExactly(numbers(scores).mapToDouble(d -> d).toArray(), within(2e-6));
  }

  @ParameterizedTest
  @CsvSource({
    // entailment:contradiction logits of each label; score of each: exp(e) over exp(e) + exp(c)
    "0:0,  0.500000",
    "1:0,  0.731059",
    "0:1,  0.268941",
    "2:-2,  0.982014",
    "-2:2,  0.017986",
    "3:3,  0.500000",
    "0.5:-0.5,  0.731059",
    "4:1,  0.952574",
    "1:4,  0.047426",
    "10:-10,  1.000000",
    "0:0 1:0,  0.500000 0.731059",
    "1:0 0:1,  0.731059 0.268941",
    "2:0 2:0,  0.880797 0.880797",
    "5:5 0:5,  0.500000 0.006693",
    "1:2 2:1 0:0,  0.268941 0.731059 0.500000",
    "-1:-2 -2:-1,  0.731059 0.268941",
    "0.25:0 0:0.25,  0.562177 0.437823",
    "100:0 0:100,  1.000000 0.000000",
    "3:0 2:0 1:0,  0.952574 0.880797 0.731059",
    "1:3 1:2 1:1,  0.119203 0.268941 0.500000",
    "6:2 2:6,  0.982014 0.017986",
    "-4:0 4:0,  0.017986 0.982014"
  })
  void scores_eachByItself_handWorked(String pairs, String scores) {
    List<float[]> logits =
        Arrays.stream(pairs.split(" "))
            .map(pair -> {
              String[] both = pair.split(":", -1);
              return new float[] {Float.parseFloat(both[1]), Float.parseFloat(both[0]), 9};
            })
            .toList();

    assertThat(ZeroShot.scores(logits, LABELS, true))
        .containsExactly(numbers(scores).mapToDouble(d -> d).toArray(), within(2e-6));
  }

  @Test
  void scores_ofOneLabel_areItsOwnAlsoWhereOneOfAllIsAskedFor() {
    List<float[]> logits = List.of(new float[] {0, 1, 5});

    assertThat(ZeroShot.scores(logits, LABELS, false))
        .containsExactly(ZeroShot.scores(logits, LABELS, true))
        .containsExactly(new double[] {0.731059}, within(2e-6));
  }

  @Test
  void scores_ofAModelOfTwoClasses_takeTheOtherOneAsContradiction() {
    NliLabels two = new NliLabels(0, OptionalInt.empty(), 1);

    assertThat(ZeroShot.scores(List.of(new float[] {2, 0}), two, true))
        .containsExactly(new double[] {0.880797}, within(2e-6));
  }

  @Test
  void hypothesis_ofALabel_standsInItsPlaceInTheTemplate() {
    assertThat(Labelling.hypothesis("This text is about {}.", "the sea"))
        .isEqualTo("This text is about the sea.");
    assertThat(Labelling.hypothesis("{} or not {}", "$1")).isEqualTo("$1 or not $1");
  }

  private static Stream<Double> numbers(String text) {
    return Arrays.stream(text.split(" ")).map(Double::valueOf);
  }
}
