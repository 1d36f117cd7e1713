package io.ratatoskr.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.schemas.Lane;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetrievalConfigTest {
  private static final RetrievalConfig DEFAULTS = RetrievalConfig.of("e", "n");

  @Test
  void defaults() {
    assertThat(DEFAULTS.top()).isEqualTo(100);
    assertThat(DEFAULTS.keep()).isEqualTo(10);
    assertThat(DEFAULTS.policy()).isEqualTo(Policy.NOT_CONTRADICTED);
    assertThat(DEFAULTS.threshold()).isEqualTo(0.5);
    assertThat(DEFAULTS.nliWeight()).isEqualTo(0.5);
    assertThat(DEFAULTS.inFlight()).isEqualTo(64);
    assertThat(DEFAULTS.waiting()).isEqualTo(100_000);
    assertThat(DEFAULTS.options().lane()).isEqualTo(Lane.INTERACTIVE);
    assertThat(DEFAULTS.options().timeout()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void nonsenseIsRefused_namingTheKey() {
    assertThatThrownBy(() -> RetrievalConfig.of(" ", "n")).hasMessageContaining("model");
    assertThatThrownBy(() -> DEFAULTS.withTop(0, 1)).hasMessage("top: must be 1 to 10000, is 0");
    assertThatThrownBy(() -> DEFAULTS.withTop(5, 6)).hasMessage("nli-keep: must be 1 to 5, is 6");
    assertThatThrownBy(() -> DEFAULTS.withPolicy(Policy.ENTAILED, 1.5))
        .hasMessage("threshold: must be 0 to 1, is 1.5");
    assertThatThrownBy(() -> DEFAULTS.withNliWeight(Double.NaN)).hasMessageContaining("nli-weight");
    assertThatThrownBy(() -> DEFAULTS.withInFlight(0, 1)).hasMessageContaining("in flight");
    assertThatThrownBy(() -> DEFAULTS.withInFlight(1, -1)).hasMessageContaining("waiting");
  }
}
