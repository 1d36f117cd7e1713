package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long MILLI = 1_000_000;

  private final Pace pace = new Pace(Duration.ofMillis(250), 16);
  private long now = 1_000 * MILLI;

  private void polls(int count, int records, long eachMs) {
    for (int i = 0; i < count; i++) {
      pace.begin(now);
      now += eachMs * MILLI;
      pace.end(records, records * 2, now);
    }
  }

  @Test
  void records_nothingMeasured_asGiven() {
    assertThat(pace.records()).isEqualTo(16);
    assertThat(pace.itemsPerSecond()).isZero();
  }

  @Test
  void records_fullPollsFasterThanBudget_takeMore() {
    polls(50, 16, 20); // 800 a second

    assertThat(pace.records()).isEqualTo(200);
    assertThat(pace.itemsPerSecond()).isEqualTo(1_600.0);
  }

  @Test
  void records_fullPollsSlowerThanBudget_takeFewer() {
    polls(3, 16, 2_000); // 8 a second

    assertThat(pace.records()).isEqualTo(2);
  }

  @Test
  void records_withinFactorOfTwo_stays() {
    polls(10, 16, 200); // 80 a second would allow 20

    assertThat(pace.records()).isEqualTo(16);
  }

  @Test
  void records_verySlow_atLeastOne() {
    polls(1, 16, 600_000);

    assertThat(pace.records()).isEqualTo(1);
  }

  @Test
  void records_veryFast_bounded() {
    polls(600, 16, 1);

    assertThat(pace.records()).isEqualTo(Pace.MOST_RECORDS);
  }

  @Test
  void records_lonelyRecords_sayNothing() {
    polls(100, 1, 100);

    assertThat(pace.records()).isEqualTo(16);
  }

  @Test
  void end_overlappingPolls_countTheirTimeOnce() {
    for (int i = 0; i < 10; i++) {
      pace.begin(now);
      pace.begin(now);
      now += 100 * MILLI;
      pace.end(16, 16, now);
      pace.end(16, 16, now);
    }

    assertThat(pace.itemsPerSecond()).isCloseTo(320.0, within(20.0));
  }
}
