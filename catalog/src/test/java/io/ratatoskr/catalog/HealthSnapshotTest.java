package io.ratatoskr.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthSnapshotTest {

  @Test
  void whoeverNothingWasReportedOfMayBeAsked() {
    Standing open = new Standing(Circuit.OPEN, 5, 30_000, 0, 0.9, 0, 0, 0, Map.of());
    HealthSnapshot health = new HealthSnapshot(Map.of(new ModelOfPool("openai", "a|b"), open));
    assertThat(health.of("openai", "a|b").askableMs()).isEqualTo(30_000);
    assertThat(health.of("openai", "other")).isEqualTo(Standing.UNKNOWN);
    assertThat(health.of("other", "a|b").askableMs()).isZero();
  }

  @Test
  void keyNamesPoolAndModel() {
    ModelOfPool one = new ModelOfPool("openai", "a|b");
    assertThat(ModelOfPool.ofKey(one.key())).contains(one);
    assertThat(ModelOfPool.ofKey("embed|")).contains(new ModelOfPool("embed", ""));
    assertThat(ModelOfPool.ofKey("|model")).isEmpty();
    assertThat(ModelOfPool.ofKey("nothing")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CLOSED    |     0 |     0 | 0    | 0   | 0    | 0    | closed; 0% fail",
        "OPEN      | 11501 |     0 | 0.9  | 0   | 0    | 0    | open, probed in 11 s; 90% fail",
        "DEGRADED  |     0 |  1200 | 0.25 | 0   | 0    | 80.4"
            + " | degraded, rate limited for 1 s; 25% fail, 80 ms an answer",
        "HALF_OPEN |     0 |   900 | 1    | 310 | 44.6 | 0"
            + " | half-open; 100% fail, first token after 310 ms, 45 tokens/s",
      })
  void summaryIsForPeople(
      Circuit circuit,
      long recoversMs,
      long notBeforeMs,
      double failureRate,
      double firstTokenMs,
      double tokensPerSecond,
      double executionMs,
      String line) {
    Standing standing =
        new Standing(
            circuit,
            1,
            recoversMs,
            notBeforeMs,
            failureRate,
            firstTokenMs,
            tokensPerSecond,
            executionMs,
            Map.of());
    assertThat(standing.summary(1_000)).isEqualTo(line);
    assertThat(Standing.ofWire(standing.toWire())).isEqualTo(standing);
  }
}
