package io.ratatoskr.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.onnxworker.ServedModels;
import io.ratatoskr.schemas.Setting;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmbedConfigTest {

  @Test
  void of_nothingGiven_theFullPrecisionModelOnEveryCore() {
    ServedModels served = EmbedConfig.of(Map.of());

    assertThat(served.byId().keySet()).containsExactly("all-minilm-l6-v2");
    assertThat(served.inference().callers()).isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void of_everyKeyGiven_eachIsMapped() {
    Map<String, String> values =
        Map.of(
            "embed-models", "all-minilm-l6-v2-q, all-minilm-l6-v2",
            "embed-callers", "3",
            "embed-batch-tokens", "512");

    ServedModels served = EmbedConfig.of(values);

    assertThat(EmbedConfig.settings())
        .extracting(Setting::key)
        .containsExactlyInAnyOrderElementsOf(values.keySet());
    assertThat(served.byId()).containsOnlyKeys("all-minilm-l6-v2-q", "all-minilm-l6-v2");
    assertThat(served.inference().callers()).isEqualTo(3);
    assertThat(served.inference().batchTokens()).isEqualTo(512);
  }

  @Test
  void of_unknownModel_namesTheKnownOnes() {
    assertThatThrownBy(() -> EmbedConfig.of(Map.of("embed-models", "bert")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("embed-models: must be ")
        .hasMessageContaining("all-minilm-l6-v2-q");
    assertThatThrownBy(() -> EmbedConfig.of("all-minilm-l6-v2", "all-minilm-l6-v2"))
        .hasMessageStartingWith("embed-models:");
  }
}
