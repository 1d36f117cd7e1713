package io.ratatoskr.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SamplesTest {

  @Test
  void median_oddCount_isTheMiddleOne() {
    assertThat(new Samples(9, 1, 5).median()).isEqualTo(5);
  }

  @Test
  void median_evenCount_isTheMeanOfTheMiddleTwo() {
    assertThat(new Samples(8, 1, 3, 5).median()).isEqualTo(4);
  }

  @Test
  void quantile_isAMeasurementThatThatShareDoesNotExceed() {
    Samples samples = new Samples(10, 20, 30, 40, 50, 60, 70, 80, 90, 100);
    assertThat(samples.quantile(0)).isEqualTo(10);
    assertThat(samples.quantile(0.5)).isEqualTo(50);
    assertThat(samples.quantile(0.91)).isEqualTo(100);
    assertThat(samples.quantile(1)).isEqualTo(100);
  }

  @Test
  void noMeasurement_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(Samples::new);
  }

  @Test
  void toString_givesMedianAndRange() {
    assertThat(new Samples(1.234, 250.4, 12.34)).hasToString("12.3 (1.23–250)");
  }
}
