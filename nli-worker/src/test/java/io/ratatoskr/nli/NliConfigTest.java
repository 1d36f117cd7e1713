package io.ratatoskr.nli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NliConfigTest {

  private static NliConfig of(Map<String, String> values) {
    return NliConfig.of(Values.of(NliConfig.settings(), values));
  }

  @Test
  void of_nothingGiven_theBuiltInModelOnEveryCore() {
    NliConfig config = NliConfig.of(Values.none());

    assertThat(config.models().served().byId()).containsOnlyKeys("nli-minilm-l6");
    assertThat(config.models().served().inference("nli-minilm-l6").callers())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(config.maxLabels()).isEqualTo(256);
  }

  @Test
  void of_everyKeyGiven_eachIsMapped() {
    Map<String, String> values =
        Map.of(
            "models.nli", "nli-minilm-l6",
            "nli.callers", "3",
            "nli.batch-tokens", "512",
            "nli.max-labels", "10");

    NliConfig config = NliConfig.of(Values.of(NliConfig.settings(), values));

    assertThat(NliConfig.settings())
        .extracting(Setting::key)
        .containsExactlyInAnyOrderElementsOf(values.keySet());
    assertThat(config.models().served().byId()).containsOnlyKeys("nli-minilm-l6");
    assertThat(config.models().served().inference("nli-minilm-l6").callers()).isEqualTo(3);
    assertThat(config.models().served().inference("nli-minilm-l6").batchTokens()).isEqualTo(512);
    assertThat(config.maxLabels()).isEqualTo(10);
  }

  @Test
  void of_valuesThatAreNotAllowed_namesTheKey() {
    assertThatThrownBy(() -> of(Map.of("models.nli", "all-minilm-l6-v2")).models().served())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("models.nli: must be of nli-minilm-l6");
    assertThatThrownBy(() -> of(Map.of("nli.max-labels", "1025")))
        .hasMessageStartingWith("nli.max-labels: must be 1 to 1024");
  }
}
