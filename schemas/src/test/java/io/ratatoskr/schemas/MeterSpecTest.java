package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeterSpecTest {

  @ParameterizedTest
  @CsvSource({
    "COUNTER, ratatoskr_worker_taken",
    "TIMER, ratatoskr_worker_queue",
    "GAUGE, ratatoskr.worker.polls",
    "GAUGE, worker_polls",
    "GAUGE, ratatoskr_Worker",
  })
  void aNameThatPrometheusWouldChange_isRefused(MeterSpec.Kind kind, String name) {
    assertThatThrownBy(() -> new MeterSpec(name, kind, "", "Something."))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }

  @Test
  void buckets_rise_fromMillisecondsToMinutes() {
    assertThat(MeterSpec.buckets())
        .isSorted()
        .startsWith(Duration.ofMillis(1))
        .endsWith(Duration.ofMinutes(30));
  }

  @Test
  void markdown_hasALineForEachMeter() {
    assertThat(
            MeterSpec.markdown(
                Stream.of(
                    new MeterSpec(
                        "ratatoskr_worker_taken_total",
                        MeterSpec.Kind.COUNTER,
                        "lane",
                        "Deliveries."))))
        .endsWith("| `ratatoskr_worker_taken_total` | counter | lane | Deliveries. |\n");
  }
}
