package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NliLabelsTest {

  @ParameterizedTest
  @CsvSource({"0,1,2", "0,2,1", "1,0,2", "1,2,0", "2,0,1", "2,1,0"})
  void of_anyOrder_isTakenAsItStands(int entailment, int neutral, int contradiction) {
    assertThat(
            NliLabels.of(
                Map.of(
                    "entailment", entailment, "neutral", neutral, "contradiction", contradiction)))
        .contains(new NliLabels(entailment, OptionalInt.of(neutral), contradiction));
  }

  @Test
  void of_otherCaseAndJoiners_areTheSameNames() {
    assertThat(NliLabels.of(Map.of("ENTAILMENT", 0, "Neutral", 2, " contradiction ", 1)))
        .contains(new NliLabels(0, OptionalInt.of(2), 1));
    assertThat(NliLabels.of(Map.of("Entailment", 1, "Not Entailment", 0)))
        .contains(new NliLabels(1, OptionalInt.empty(), 0));
    assertThat(NliLabels.of(Map.of("entailment", 0, "not-entailment", 1)))
        .contains(new NliLabels(0, OptionalInt.empty(), 1));
  }

  @Test
  void of_twoClasses_theOtherOneStandsAgainst() {
    NliLabels labels = NliLabels.of(Map.of("entailment", 0, "not_entailment", 1)).orElseThrow();

    assertThat(labels.classes()).isEqualTo(2);
    assertThat(labels).hasToString("entailment, not_entailment");
  }

  @Test
  void of_anythingElse_isNoLabelMap() {
    assertThat(NliLabels.of(Map.of())).isEmpty();
    assertThat(NliLabels.of(Map.of("LABEL_0", 0, "LABEL_1", 1, "LABEL_2", 2))).isEmpty();
    assertThat(NliLabels.of(Map.of("entailment", 0, "neutral", 1))).isEmpty();
    assertThat(NliLabels.of(Map.of("entailment", 0, "neutral", 1, "not_entailment", 2))).isEmpty();
    assertThat(NliLabels.of(Map.of("entailment", 0, "contradiction", 1, "paraphrase", 2)))
        .isEmpty();
    assertThat(NliLabels.of(Map.of("entailment", 0, "neutral", 1, "contradiction", 1))).isEmpty();
    assertThat(NliLabels.of(Map.of("entailment", 1, "neutral", 2, "contradiction", 3))).isEmpty();
    assertThat(NliLabels.of(Map.of("entailment", -1, "not_entailment", 0))).isEmpty();
  }

  @Test
  void new_numbersThatAreNoPositions_areRefused() {
    assertThatThrownBy(() -> new NliLabels(0, OptionalInt.of(0), 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new NliLabels(0, OptionalInt.empty(), 2))
        .hasMessageContaining("0 to 1");
  }
}
