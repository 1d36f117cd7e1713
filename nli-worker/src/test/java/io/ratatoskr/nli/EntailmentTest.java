package io.ratatoskr.nli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ratatoskr.onnx.NliLabels;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Worked by hand: exp of each logit over the sum of all. */
class EntailmentTest {
  private static final int[][] ORDERS = {
    {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}
  };

  @ParameterizedTest
  @CsvSource({
    // logits of entailment, neutral, contradiction; their probabilities; label
    "0, 0, 0,  0.333333, 0.333333, 0.333333, ENTAILMENT",
    "1, 0, 0,  0.576117, 0.211942, 0.211942, ENTAILMENT",
    "0, 1, 0,  0.211942, 0.576117, 0.211942, NEUTRAL",
    "0, 0, 1,  0.211942, 0.211942, 0.576117, CONTRADICTION",
    "2, 1, 0,  0.665241, 0.244728, 0.090031, ENTAILMENT",
    "0, 1, 2,  0.090031, 0.244728, 0.665241, CONTRADICTION",
    "1, 2, 0,  0.244728, 0.665241, 0.090031, NEUTRAL",
    "3, 3, 0,  0.487856, 0.487856, 0.024289, ENTAILMENT",
    "0, 3, 3,  0.024289, 0.487856, 0.487856, NEUTRAL",
    "3, 0, 3,  0.487856, 0.024289, 0.487856, ENTAILMENT",
    "5, 0, -5,  0.993262, 0.006693, 0.000045, ENTAILMENT",
    "-5, 0, 5,  0.000045, 0.006693, 0.993262, CONTRADICTION",
    "-1, -2, -3,  0.665241, 0.244728, 0.090031, ENTAILMENT",
    "10, 9, 8,  0.665241, 0.244728, 0.090031, ENTAILMENT",
    "0.5, 0.25, 0.125,  0.405500, 0.315804, 0.278696, ENTAILMENT",
    "2.246128, -1.521966, -0.785801,  0.933429, 0.021559, 0.045012, ENTAILMENT",
    "-1.573076, -1.397432, 2.582377,  0.015158, 0.018068, 0.966774, CONTRADICTION",
    "100, 0, 0,  1.000000, 0.000000, 0.000000, ENTAILMENT",
    "-100, 100, 100,  0.000000, 0.500000, 0.500000, NEUTRAL",
    "0.001, 0, 0,  0.333556, 0.333222, 0.333222, ENTAILMENT",
    "1000, 999, -1000,  0.731059, 0.268941, 0.000000, ENTAILMENT",
    "-2, 4, 1,  0.002356, 0.950330, 0.047314, NEUTRAL"
  })
  void of_threeClassesInAnyOrder_handWorked(
      double logitE,
      double logitN,
      double logitC,
      double entailment,
      double neutral,
      double contradiction,
      Entailment.Label label) {
    for (int[] order : ORDERS) {
      float[] logits = new float[3];
      logits[order[0]] = (float) logitE;
      logits[order[1]] = (float) logitN;
      logits[order[2]] = (float) logitC;
      NliLabels labels = new NliLabels(order[0], OptionalInt.of(order[1]), order[2]);

      Entailment judged = Entailment.of(logits, labels);

      assertThat(judged.entailment()).isCloseTo(entailment, within(2e-6));
      assertThat(judged.neutral().orElseThrow()).isCloseTo(neutral, within(2e-6));
      assertThat(judged.contradiction()).isCloseTo(contradiction, within(2e-6));
      assertThat(judged.label()).isEqualTo(label);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // logits of entailment, not entailment; their probabilities; label
    "0, 0,  0.500000, 0.500000, ENTAILMENT",
    "1, 0,  0.731059, 0.268941, ENTAILMENT",
    "0, 1,  0.268941, 0.731059, CONTRADICTION",
    "2, 0,  0.880797, 0.119203, ENTAILMENT",
    "-2, 0,  0.119203, 0.880797, CONTRADICTION",
    "5, -5,  0.999955, 0.000045, ENTAILMENT",
    "0.5, 0.25,  0.562177, 0.437823, ENTAILMENT",
    "3, 3,  0.500000, 0.500000, ENTAILMENT"
  })
  void of_twoClasses_handWorked(
      double logitE, double logitNot, double entailment, double not, Entailment.Label label) {
    float[] logits = {(float) logitNot, (float) logitE};

    Entailment judged = Entailment.of(logits, new NliLabels(1, OptionalInt.empty(), 0));

    assertThat(judged.entailment()).isCloseTo(entailment, within(2e-6));
    assertThat(judged.neutral()).isEmpty();
    assertThat(judged.contradiction()).isCloseTo(not, within(2e-6));
    assertThat(judged.label()).isEqualTo(label);
  }

  @Test
  void label_ofEqualOnes_isTheFirst() {
    assertThat(new Entailment(0.4, OptionalDouble.of(0.4), 0.2).label())
        .isEqualTo(Entailment.Label.ENTAILMENT);
    assertThat(new Entailment(0.2, OptionalDouble.of(0.4), 0.4).label())
        .isEqualTo(Entailment.Label.NEUTRAL);
    assertThat(new Entailment(0.4, OptionalDouble.of(0.2), 0.4).label())
        .isEqualTo(Entailment.Label.ENTAILMENT);
  }
}
