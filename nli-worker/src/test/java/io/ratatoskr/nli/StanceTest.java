package io.ratatoskr.nli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ratatoskr.nli.StanceRequests.Stance;
import io.ratatoskr.onnx.NliLabels;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Worked by hand: exp of each hypothesis' entailment logit over the sum of the three. */
class StanceTest {
  private static final NliLabels LABELS = new NliLabels(2, OptionalInt.of(0), 1);

  @ParameterizedTest
  @CsvSource({
    // entailment logits of in favor, against, neutral; their scores; label
    "0, 0, 0,  0.333333, 0.333333, 0.333333, FAVOR",
    "1, 0, 0,  0.576117, 0.211942, 0.211942, FAVOR",
    "0, 1, 0,  0.211942, 0.576117, 0.211942, AGAINST",
    "0, 0, 1,  0.211942, 0.211942, 0.576117, NEUTRAL",
    "2, 2, 0,  0.468311, 0.468311, 0.063379, FAVOR",
    "0, 2, 2,  0.063379, 0.468311, 0.468311, AGAINST",
    "2, 0, 2,  0.468311, 0.063379, 0.468311, FAVOR",
    "3, 1, 2,  0.665241, 0.090031, 0.244728, FAVOR",
    "1, 3, 2,  0.090031, 0.665241, 0.244728, AGAINST",
    "1, 2, 3,  0.090031, 0.244728, 0.665241, NEUTRAL",
    "-1, -2, -3,  0.665241, 0.244728, 0.090031, FAVOR",
    "-3, -2, -1,  0.090031, 0.244728, 0.665241, NEUTRAL",
    "5, 0, 0,  0.986703, 0.006648, 0.006648, FAVOR",
    "0, 5, 0,  0.006648, 0.986703, 0.006648, AGAINST",
    "0, 0, 5,  0.006648, 0.006648, 0.986703, NEUTRAL",
    "0.5, 0.4, 0.3,  0.367165, 0.332225, 0.300610, FAVOR",
    "10, 9, 10,  0.422319, 0.155362, 0.422319, FAVOR",
    "9, 10, 10,  0.155362, 0.422319, 0.422319, AGAINST",
    "1.5, 1.5, 1.5,  0.333333, 0.333333, 0.333333, FAVOR",
    "100, -100, 0,  1.000000, 0.000000, 0.000000, FAVOR",
    "-1, 1, 0,  0.090031, 0.665241, 0.244728, AGAINST",
    "0.2, 0.1, 0.3,  0.332225, 0.300610, 0.367165, NEUTRAL"
  })
  void of_threeHypotheses_handWorked(
      double logitF,
      double logitA,
      double logitN,
      double favor,
      double against,
      double neutral,
      Stance.Label label) {
    List<float[]> logits = List.of(pair(logitF, 4), pair(logitA, -4), pair(logitN, 0));

    Stance stance = Stance.of(logits, LABELS);

    assertThat(stance.favor()).isCloseTo(favor, within(2e-6));
    assertThat(stance.against()).isCloseTo(against, within(2e-6));
    assertThat(stance.neutral()).isCloseTo(neutral, within(2e-6));
    assertThat(stance.label()).isEqualTo(label);
  }

  /** What else a pair says does not count. */
  private static float[] pair(double entailment, float others) {
    return new float[] {others, -others, (float) entailment};
  }

  @Test
  void hypotheses_ofATarget_nameIt() {
    assertThat(Stance.hypotheses("nuclear power"))
        .containsExactly(
            "The author is in favor of nuclear power.",
            "The author is against nuclear power.",
            "The author is neutral towards nuclear power.");
  }
}
