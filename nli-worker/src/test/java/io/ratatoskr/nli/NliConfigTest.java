package io.ratatoskr.nli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.schemas.Setting;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NliConfigTest {

  @Test
  void of_nothingGiven_theBuiltInModelOnEveryCore() {
    NliConfig config = NliConfig.of(Map.of());

    assertThat(config.models().byId()).containsOnlyKeys("nli-minilm-l6");
    assertThat(config.models().inference().callers())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(config.maxLabels()).isEqualTo(256);
  }

  @Test
  void of_everyKeyGiven_eachIsMapped() {
    Map<String, String> values =
        Map.of(
            "nli-models", "nli-minilm-l6",
            "nli-callers", "3",
            "nli-batch-tokens", "512",
            "nli-max-labels", "10");

    NliConfig config = NliConfig.of(values);

    assertThat(NliConfig.settings())
        .extracting(Setting::key)
        .containsExactlyInAnyOrderElementsOf(values.keySet());
    assertThat(config.models().byId()).containsOnlyKeys("nli-minilm-l6");
    assertThat(config.models().inference().callers()).isEqualTo(3);
    assertThat(config.models().inference().batchTokens()).isEqualTo(512);
    assertThat(config.maxLabels()).isEqualTo(10);
  }

  @Test
  void of_valuesThatAreNotAllowed_namesTheKey() {
    assertThatThrownBy(() -> NliConfig.of(Map.of("nli-models", "all-minilm-l6-v2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("nli-models: must be of nli-minilm-l6");
    assertThatThrownBy(() -> NliConfig.of(Map.of("nli-max-labels", "1025")))
        .hasMessageStartingWith("nli-max-labels: must be 1 to 1024");
  }
}
