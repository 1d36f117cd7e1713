package io.ratatoskr.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.catalog.Circuit;
import io.ratatoskr.catalog.HealthSnapshot;
import io.ratatoskr.catalog.ModelOfPool;
import io.ratatoskr.catalog.Standing;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HealthTest {

  @Test
  void circuitsAreFactsNamedAfterPoolAndModel() {
    Standing open = new Standing(Circuit.OPEN, 1, 31_000, 0, 1, 0, 0, 120, Map.of());
    HealthSnapshot health =
        new HealthSnapshot(
            Map.of(
                new ModelOfPool("openai", "gpt"),
                open,
                new ModelOfPool("nli", ""),
                Standing.UNKNOWN));

    assertThat(Health.circuits(health, 1_000))
        .containsExactly(
            Map.entry("circuit nli", "closed; 0% fail"),
            Map.entry("circuit openai gpt", "open, probed in 30 s; 100% fail, 120 ms an answer"));
  }
}
