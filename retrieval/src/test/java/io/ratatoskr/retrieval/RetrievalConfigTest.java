package io.ratatoskr.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.retrieval.RetrievalConfig.Depth;
import io.ratatoskr.retrieval.RetrievalConfig.Filter;
import io.ratatoskr.retrieval.RetrievalConfig.Load;
import io.ratatoskr.schemas.Lane;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetrievalConfigTest {
  private static final RetrievalConfig DEFAULTS = RetrievalConfig.of("e", "n");

  @Test
  void defaults() {
    assertThat(DEFAULTS.depth()).isEqualTo(new Depth(100, 10));
    assertThat(DEFAULTS.judging()).isEqualTo(Judging.CLAIMS);
    assertThat(DEFAULTS.filter()).isEqualTo(new Filter(Policy.ALL, 0.5));
    assertThat(DEFAULTS.nliWeight()).isEqualTo(0.2);
    assertThat(DEFAULTS.load()).isEqualTo(new Load(64, 100_000, 1));
    assertThat(DEFAULTS.options().lane()).isEqualTo(Lane.INTERACTIVE);
    assertThat(DEFAULTS.options().timeout()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void everyKeyIsKept() {
    RequestOptions options = RequestOptions.defaults().withLane(Lane.BULK);

    assertThat(
            DEFAULTS
                .withJudging(Judging.ALWAYS)
                .withTop(50, 5)
                .withPolicy(Policy.ENTAILED, 0.25)
                .withNliWeight(0.75)
                .withInFlight(3, 4)
                .withOptions(options))
        .isEqualTo(
            new RetrievalConfig(
                "e",
                "n",
                Judging.ALWAYS,
                new Depth(50, 5),
                new Filter(Policy.ENTAILED, 0.25),
                0.75,
                new Load(3, 4, 1),
                options));
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
    assertThatThrownBy(() -> new Load(1, 0, 0)).hasMessageContaining("search-threads");
  }
}
