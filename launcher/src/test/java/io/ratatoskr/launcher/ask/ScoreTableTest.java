package io.ratatoskr.launcher.ask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScoreTableTest {
  @Test
  void of_scores_alignsThemUnderWhatTheyAmountTo() {
    assertThat(
            ScoreTable.of(
                "entailment",
                List.of(
                    new ScoreTable.Score("entailment", 0.9),
                    new ScoreTable.Score("neutral", 0.1),
                    new ScoreTable.Score("contradiction", 0.0004))))
        .isEqualTo(
            """
            entailment
              entailment     0.900  ███████████████████████████
              neutral        0.100  ███
              contradiction  0.000
            """);
  }

  @Test
  void of_longNames_areCut() {
    assertThat(ScoreTable.of("x".repeat(60), List.of(new ScoreTable.Score("x".repeat(60), 0))))
        .isEqualTo("x".repeat(60) + "\n  " + "x".repeat(39) + "…  0.000\n");
  }
}
