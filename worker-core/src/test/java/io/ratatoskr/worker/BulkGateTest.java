package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BulkGateTest {
  private static final long MILLI = 1_000_000;

  private final BulkGate gate = BulkGate.sharing(20);

  @Test
  void waiting_noInteractiveWork_never() {
    gate.bulkBegins(0);
    gate.bulkEnds(100 * MILLI);

    assertThat(gate.waiting(100 * MILLI)).isZero();
  }

  @Test
  void waiting_interactiveWorkAndNoBulkYet_notAtFirst() {
    gate.interactiveBegins();

    assertThat(gate.waiting(0)).isZero();
  }

  @Test
  void waiting_interactiveWorkAfterBulk_untilTheShareIsDue() {
    gate.interactiveBegins();
    gate.bulkBegins(0);
    gate.bulkEnds(100 * MILLI);

    // 100 ms are 20 percent of 500 ms.
    assertThat(gate.waiting(100 * MILLI)).isPositive().isLessThan(Duration.ofMillis(400));
    assertThat(gate.waiting(499 * MILLI)).isEqualTo(Duration.ofMillis(1));
    assertThat(gate.waiting(500 * MILLI)).isZero();
  }

  @Test
  void waiting_longForBulksShare_isLookedAtAgainSoon() {
    gate.interactiveBegins();
    gate.bulkBegins(0);
    gate.bulkEnds(10_000 * MILLI);

    assertThat(gate.waiting(10_000 * MILLI)).isLessThanOrEqualTo(Duration.ofMillis(5));
  }

  @Test
  void waiting_openGate_never() {
    BulkGate open = BulkGate.open();
    open.interactiveBegins();
    open.bulkBegins(0);
    assertThat(open.waiting(MILLI)).isZero();

    open.bulkEnds(600_000 * MILLI);

    assertThat(open.waiting(600_000 * MILLI)).isZero();
  }

  @Test
  void waiting_otherBulkBatchUnderWay_waits() {
    gate.interactiveBegins();
    gate.bulkBegins(0);

    assertThat(gate.waiting(MILLI)).isPositive();
  }

  @Test
  void waiting_interactiveWorkEnded_atOnce() {
    gate.interactiveBegins();
    gate.bulkBegins(0);
    gate.bulkEnds(100 * MILLI);
    gate.interactiveEnds();

    assertThat(gate.waiting(100 * MILLI)).isZero();
  }

  @Test
  void share_changedWhileItRuns_holdsFromTheNextBatch() {
    gate.share(50);
    gate.interactiveBegins();
    gate.bulkBegins(0);
    gate.bulkEnds(100 * MILLI);

    assertThat(gate.waiting(199 * MILLI)).isEqualTo(Duration.ofMillis(1));
    assertThat(gate.waiting(200 * MILLI)).isZero();
  }
}
