package io.ratatoskr.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.schemas.Setting;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmbedConfigTest {

  @Test
  void of_nothingGiven_theFullPrecisionModelOnEveryCore() {
    EmbedConfig config = EmbedConfig.of(Map.of());

    assertThat(config.models()).containsExactly("all-minilm-l6-v2");
    assertThat(config.inference().callers()).isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void of_everyKeyGiven_eachIsMapped() {
    Map<String, String> values =
        Map.of(
            "embed-models", "all-minilm-l6-v2-q, all-minilm-l6-v2",
            "embed-callers", "3",
            "embed-batch-tokens", "512");

    EmbedConfig config = EmbedConfig.of(values);

    assertThat(EmbedConfig.settings())
        .extracting(Setting::key)
        .containsExactlyInAnyOrderElementsOf(values.keySet());
    assertThat(config.models()).isEqualTo(List.of("all-minilm-l6-v2-q", "all-minilm-l6-v2"));
    assertThat(config.inference().callers()).isEqualTo(3);
    assertThat(config.inference().batchTokens()).isEqualTo(512);
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
