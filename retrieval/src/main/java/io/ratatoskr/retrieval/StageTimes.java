package io.ratatoskr.retrieval;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Measures how long queries are in each stage, and how long each stage has any. Needs the same room
 * however many queries there were: durations are counted in classes 2 % apart. Thread-safe.
 */
public final class StageTimes {
  private static final double CLASS_RATIO = 1.02;
  private static final int CLASSES = 2048;

  /** The stages that a query goes through. */
  public enum Stage {
    EMBED,
    SEARCH,
    JUDGE
  }

  /**
   * The totals of one stage so far.
   *
   * @param queries how many have left it
   * @param median half of them took no longer, within 2 %
   * @param sum of all queries' times
   * @param busy time in which at least one query was in it
   */
  public record Summary(long queries, Duration median, Duration sum, Duration busy) {}

  private final LongSupplier nanoTime;
  private final Map<Stage, Counter> counters = new EnumMap<>(Stage.class);

  private static final class Counter {
    private final long[] classes = new long[CLASSES];
    private long queries;
    private long sum;
    private int inside;
    private long busySince;
    private long busy;
  }

  StageTimes(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    for (Stage stage : Stage.values()) {
      counters.put(stage, new Counter());
    }
  }

  /** A query enters a stage; gives the time of it, in nanoseconds, for {@link #leave}. */
  synchronized long enter(Stage stage) {
    Counter counter = counter(stage);
    long now = nanoTime.getAsLong();
    if (counter.inside++ == 0) {
      counter.busySince = now;
    }
    return now;
  }

  /** Notes that a query leaves the stage, and returns how long it was in it. */
  synchronized Duration leave(Stage stage, long entered) {
    Counter counter = counter(stage);
    long now = nanoTime.getAsLong();
    if (--counter.inside == 0) {
      counter.busy += now - counter.busySince;
    }
    long nanos = Math.max(0, now - entered);
    counter.queries++;
    counter.sum += nanos;
    counter.classes[classOf(nanos)]++;
    return Duration.ofNanos(nanos);
  }

  private static int classOf(long nanos) {
    return nanos <= 1
        ? 0
        : (int) Math.min(CLASSES - 1, Math.round(Math.log((double) nanos) / Math.log(CLASS_RATIO)));
  }

  /** How it stands with a stage now. */
  public synchronized Summary summary(Stage stage) {
    Counter counter = counter(stage);
    long busy = counter.busy + (counter.inside > 0 ? nanoTime.getAsLong() - counter.busySince : 0);
    return new Summary(
        counter.queries, median(counter), Duration.ofNanos(counter.sum), Duration.ofNanos(busy));
  }

  private static Duration median(Counter counter) {
    long below = 0;
    for (int i = 0; i < CLASSES; i++) {
      below += counter.classes[i];
      if (counter.queries > 0 && below * 2 >= counter.queries) {
        return Duration.ofNanos(Math.round(Math.pow(CLASS_RATIO, i)));
      }
    }
    return Duration.ZERO;
  }

  /**
   * How well stages overlap: a time over the sum of the stages' busy times. 1 where stages take
   * turns and nothing else happens, 1/3 where all three are busy all the time.
   *
   * @param wall the time that it took in all
   * @return 0 where no stage was busy
   */
  public double overlap(Duration wall) {
    long busy = 0;
    for (Stage stage : Stage.values()) {
      busy += summary(stage).busy().toNanos();
    }
    return busy == 0 ? 0 : (double) wall.toNanos() / busy;
  }

  private Counter counter(Stage stage) {
    return Objects.requireNonNull(counters.get(stage));
  }
}
