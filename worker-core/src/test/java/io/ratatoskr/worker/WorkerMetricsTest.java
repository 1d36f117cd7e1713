package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WorkerMetricsTest {

  @Test
  void markdown_everyMeter_hasItsLine() {
    String markdown = WorkerMetrics.markdown();

    assertThat(markdown.lines()).hasSize(WorkerMetrics.Meter.values().length + 2);
    for (WorkerMetrics.Meter meter : WorkerMetrics.Meter.values()) {
      assertThat(meter.meterName()).startsWith("ratatoskr_worker_");
      assertThat(markdown).contains("| `" + meter.meterName() + "` |");
    }
  }
}
