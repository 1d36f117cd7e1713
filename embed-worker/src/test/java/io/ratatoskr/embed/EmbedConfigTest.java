package io.ratatoskr.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.onnx.Device;
import io.ratatoskr.onnx.InferenceConfig;
import io.ratatoskr.onnxworker.ModelsConfig;
import io.ratatoskr.onnxworker.ServedModels;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmbedConfigTest {

  private static ServedModels of(Map<String, String> values) {
    List<Setting<?>> known = new ArrayList<>(EmbedConfig.settings());
    known.addAll(ModelsConfig.common());
    return EmbedConfig.of(Values.of(known, values)).served();
  }

  @Test
  void of_nothingGiven_theFullPrecisionModelOnEveryCore() {
    ServedModels served = of(Map.of());

    assertThat(served.byId().keySet()).containsExactly("all-minilm-l6-v2");
    assertThat(served.inference("all-minilm-l6-v2"))
        .isEqualTo(InferenceConfig.defaults(new Device.Cpu()));
  }

  @Test
  void of_everyKeyGiven_eachIsMapped() {
    Map<String, String> values =
        Map.of(
            "models.embed", "all-minilm-l6-v2-q, all-minilm-l6-v2",
            "embed.callers", "3",
            "embed.batch-tokens", "512");

    ServedModels served = of(values);

    assertThat(EmbedConfig.settings())
        .extracting(Setting::key)
        .containsExactlyInAnyOrderElementsOf(values.keySet());
    assertThat(served.byId()).containsOnlyKeys("all-minilm-l6-v2-q", "all-minilm-l6-v2");
    assertThat(served.inference("all-minilm-l6-v2").callers()).isEqualTo(3);
    assertThat(served.inference("all-minilm-l6-v2").batchTokens()).isEqualTo(512);
  }

  @Test
  void of_devices_theModelsOwnWins() {
    ServedModels served =
        of(
            Map.of(
                "models.embed", "all-minilm-l6-v2-q, all-minilm-l6-v2",
                "models.device", "cuda:1",
                "models.devices.all-minilm-l6-v2-q", "cpu"));

    assertThat(served.inference("all-minilm-l6-v2"))
        .isEqualTo(InferenceConfig.defaults(new Device.Cuda(1)));
    assertThat(served.inference("all-minilm-l6-v2-q").device()).isEqualTo(new Device.Cpu());
  }

  @Test
  void of_noSuchDevice_namesTheKeyAndWhatItTakes() {
    assertThatThrownBy(() -> of(Map.of("models.device", "gpu")))
        .hasMessage(
            "models.device: must be cpu, cuda:N (the GPU of that number) or auto, is \"gpu\"");
    assertThatThrownBy(() -> of(Map.of("models.devices.x", "tpu")))
        .hasMessageStartingWith("models.devices.x: must be cpu, cuda:N");
  }

  @Test
  void of_unknownModel_namesTheKnownOnes() {
    assertThatThrownBy(() -> of(Map.of("models.embed", "bert")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("models.embed: must be ")
        .hasMessageContaining("all-minilm-l6-v2-q");
    assertThatThrownBy(() -> EmbedConfig.of("all-minilm-l6-v2", "all-minilm-l6-v2").served())
        .hasMessageStartingWith("models.embed:");
  }
}
