package io.ratatoskr.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OffsetHistoryTest {
  private final OffsetHistory history = new OffsetHistory(Duration.ofSeconds(16));

  @Test
  void past_saysWhereTheOffsetWasThatLongAgo_andNothingBefore() {
    for (long second = 0; second < 16; second++) {
      assertThat(history.past(100 * second, 1000 * second)).isZero();
    }
    assertThat(history.past(5_000, 16_000)).isZero();
    assertThat(history.past(5_000, 17_000)).isEqualTo(100);
    assertThat(history.past(5_000, 18_500)).isEqualTo(200);
    assertThat(history.past(5_000, 60_000)).isEqualTo(5_000);
  }

  @Test
  void past_neverSaysMoreThanWasThere_howeverOftenItIsAsked() {
    for (long ms = 0; ms <= 64_000; ms += 100) {
      assertThat(history.past(ms, ms))
          .isBetween(Math.max(0, ms - 17_100), Math.max(0, ms - 16_000));
    }
  }
}
