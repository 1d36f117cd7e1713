package io.ratatoskr.gateway;

/**
 * What may be used at a rate: it grows with time up to a bound, and what is used beyond it is owed.
 * Not thread-safe.
 */
final class Allowance {
  private static final double NANOS = 1e9;

  private final double perSecond;
  private final double most;
  private double left;
  private long sinceNanos;

  /**
   * Nothing is used yet.
   *
   * @param most what may be used at once after a pause; positive
   */
  Allowance(double perSecond, double most, long nowNanos) {
    this.perSecond = perSecond;
    this.most = most;
    this.left = most;
    this.sinceNanos = nowNanos;
  }

  /** 0 if that much, or all that can ever be there, may be used now; otherwise how long to wait. */
  long waitNanos(double wanted, long nowNanos) {
    left = Math.min(most, left + (nowNanos - sinceNanos) / NANOS * perSecond);
    sinceNanos = nowNanos;
    double missing = Math.min(wanted, most) - left;
    return missing <= 0 ? 0 : Math.max(1, (long) Math.ceil(missing / perSecond * NANOS));
  }

  /** Uses that much; a negative number gives back. */
  void use(double amount) {
    left = Math.min(most, left - amount);
  }
}
