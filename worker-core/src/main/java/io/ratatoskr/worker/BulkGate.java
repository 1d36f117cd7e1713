package io.ratatoskr.worker;

import java.time.Duration;

/**
 * Lets bulk work be taken when no interactive work is under way, and otherwise for a fixed share of
 * the time, so that neither starves. Thread-safe.
 */
final class BulkGate {
  /** Interactive work may end at any time, so a longer wait is looked at again after this. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

  private final boolean open;
  private double restPerWork;
  private int interactive;
  private int bulk;
  private long bulkSince;
  private long notBefore = Long.MIN_VALUE;

  private BulkGate(boolean open, double restPerWork) {
    this.open = open;
    this.restPerWork = restPerWork;
  }

  /**
   * Keeps a share for bulk.
   *
   * @param percent of the time, 1 to 100
   */
  static BulkGate sharing(int percent) {
    return new BulkGate(false, rest(percent));
  }

  /**
   * Never lets bulk wait: for engines whose lanes don't compete for a processor. A call of another
   * machine may last for minutes, and bulk would stand still beside it.
   */
  static BulkGate open() {
    return new BulkGate(true, 0);
  }

  private static double rest(int percent) {
    return 100.0 / percent - 1;
  }

  /** From now on bulk has another share, 1 to 100 percent; nothing changes where it is open. */
  synchronized void share(int percent) {
    restPerWork = rest(percent);
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
    if (open || interactive == 0) {
      return Duration.ZERO;
    }
    if (bulk > 0) {
      // The other bulk consumer has the turn.
      return LOOK_AGAIN;
    }
    return notBefore == Long.MIN_VALUE || nowNanos - notBefore >= 0
        ? Duration.ZERO
        : Duration.ofNanos(Math.min(notBefore - nowNanos, LOOK_AGAIN.toNanos()));
  }
}
