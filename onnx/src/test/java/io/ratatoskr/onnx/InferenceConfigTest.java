package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class InferenceConfigTest {
  private static final Device CPU = new Device.Cpu();

  @Test
  void defaults_onACpu_isOneSingleThreadedCallerACore() {
    assertThat(InferenceConfig.defaults())
        .isEqualTo(new InferenceConfig(CPU, Runtime.getRuntime().availableProcessors(), 1, 256));
  }

  @Test
  void construct_nonsense_namesTheKey() {
    assertRefused("onnx.callers", () -> new InferenceConfig(CPU, 0, 1, 256));
    assertRefused("onnx.threads", () -> new InferenceConfig(CPU, 1, 2000, 256));
    assertRefused("onnx.batch-tokens", () -> new InferenceConfig(CPU, 1, 1, 0));
    assertRefused("models.device", () -> Device.parse("tpu"));
    assertRefused("models.device", () -> new Device.Cuda(-1));
  }

  @Test
  void parse_deviceNames_areReadAsWritten() {
    assertThat(Device.parse("cpu")).isEqualTo(CPU).hasToString("cpu");
    assertThat(Device.parse("cuda")).isEqualTo(new Device.Cuda(0));
    assertThat(Device.parse("cuda:3")).isEqualTo(new Device.Cuda(3)).hasToString("cuda:3");
  }

  private static void assertRefused(String key, Supplier<?> construct) {
    assertThatThrownBy(construct::get)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key);
  }
}
