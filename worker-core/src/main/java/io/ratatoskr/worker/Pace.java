package io.ratatoskr.worker;

import java.time.Duration;

/**
 * Measures how fast a lane computes, and derives how much one poll may take. Polls overlap, so what
 * counts is the time in which at least one of them was computed.
 *
 * <p>Only polls that were at least half full say how fast this worker is under load; a lone record
 * has the latency of an inference, not its rate. Thread-safe.
 */
final class Pace {
  static final int MOST_RECORDS = 500;

  /** Less computing than this is too little to judge by. */
  private static final long WINDOW_NANOS = Duration.ofMillis(500).toNanos();

  private static final double WEIGHT_OF_NEW = 0.5;

  private final double wholeBudgetSeconds;
  private double budgetSeconds;
  private int records;
  private int underWay;
  private long busySince;
  private long windowNanos;
  private long windowRecords;
  private long windowItems;
  private double recordsPerSecond;
  private double itemsPerSecond;

  /**
   * @param budget most computing time of one poll
   * @param records what a poll takes before anything is measured
   */
  Pace(Duration budget, int records) {
    this.wholeBudgetSeconds = budget.toNanos() / 1e9;
    this.budgetSeconds = wholeBudgetSeconds;
    this.records = records;
  }

  /**
   * The lane has that many queues. With several, what one of them finds waits for polls of the
   * others, so these are shorter: two of each queue take as long as one poll of a lone one.
   */
  synchronized void queues(int number) {
    budgetSeconds = number == 1 ? wholeBudgetSeconds : wholeBudgetSeconds / (2 * number);
  }

  /** Computing of a poll begins. */
  synchronized void begin(long nowNanos) {
    if (underWay == 0) {
      busySince = nowNanos;
    }
    underWay++;
  }

  /** Computing of a poll has ended. */
  synchronized void end(int polled, int items, long nowNanos) {
    underWay--;
    long busy = nowNanos - busySince;
    busySince = nowNanos;
    if (polled * 2 < records) {
      return;
    }
    windowNanos += busy;
    windowRecords += polled;
    windowItems += items;
    if (windowNanos >= WINDOW_NANOS) {
      double seconds = windowNanos / 1e9;
      recordsPerSecond = blend(recordsPerSecond, windowRecords / seconds);
      itemsPerSecond = blend(itemsPerSecond, windowItems / seconds);
      windowNanos = 0;
      windowRecords = 0;
      windowItems = 0;
    }
  }

  private static double blend(double old, double fresh) {
    return old == 0 ? fresh : old + WEIGHT_OF_NEW * (fresh - old);
  }

  /**
   * The records that a poll may take, 1 to {@value #MOST_RECORDS}. It stays as it is until the
   * measured rate calls for less than half of it or more than twice as much, since a change costs a
   * new consumer.
   */
  synchronized int records() {
    if (recordsPerSecond > 0) {
      double wanted = recordsPerSecond * budgetSeconds;
      if (wanted >= 2.0 * records || wanted <= 0.5 * records) {
        records = Math.clamp(Math.round(wanted), 1, MOST_RECORDS);
      }
    }
    return records;
  }

  /** Items a second under load; 0 while not measured. */
  synchronized double itemsPerSecond() {
    return itemsPerSecond;
  }
}
