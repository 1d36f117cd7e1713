package io.ratatoskr.worker;

import java.time.Duration;

/**
 * Lets bulk work be taken when no interactive work is under way, and otherwise for a fixed share of
 * the time, so that neither starves. Thread-safe.
 */
final class BulkGate {
  private final double restPerWork;
  private int interactive;
  private int bulk;
  private long bulkSince;
  private long notBefore = Long.MIN_VALUE;

  /**
   * @param percent share of the time kept for bulk, 1 to 100
   */
  BulkGate(int percent) {
    this.restPerWork = 100.0 / percent - 1;
  }

  synchronized void interactiveBegins() {
    interactive++;
  }

  synchronized void interactiveEnds() {
    interactive--;
  }

  synchronized void bulkBegins(long nowNanos) {
    if (bulk == 0) {
      bulkSince = nowNanos;
    }
    bulk++;
  }

  synchronized void bulkEnds(long nowNanos) {
    bulk--;
    if (bulk == 0) {
      notBefore = nowNanos + (long) ((nowNanos - bulkSince) * restPerWork);
    }
  }

  /** How long bulk has to wait now; zero where it may be taken. */
  synchronized Duration waiting(long nowNanos) {
    if (interactive == 0) {
      return Duration.ZERO;
    }
    if (bulk > 0) {
      // The other bulk consumer has the turn.
      return Duration.ofMillis(5);
    }
    return notBefore == Long.MIN_VALUE || nowNanos - notBefore >= 0
        ? Duration.ZERO
        : Duration.ofNanos(Math.min(notBefore - nowNanos, Duration.ofMillis(50).toNanos()));
  }
}
