package io.ratatoskr.bulk;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Counts what a job does and makes snapshots of it. Used by the job's thread only. */
final class ProgressMeter {
  private static final long PERIOD_NANOS = Duration.ofMillis(250).toNanos();
  private static final long RATE_NANOS = Duration.ofSeconds(10).toNanos();

  private final LongSupplier nanoTime;
  private final String unit;
  private final ProgressListener listener;
  private final long begin;
  private final Deque<Sample> samples = new ArrayDeque<>();
  private long lastPublished;
  private long done;
  private long restored;
  private long tokens;
  private long reused;
  private long errors;

  private record Sample(long nanos, long done, long tokens) {}

  /**
   * @param unit what a line is, in the plural
   */
  ProgressMeter(LongSupplier nanoTime, String unit, ProgressListener listener) {
    this.nanoTime = nanoTime;
    this.unit = unit;
    this.listener = listener;
    this.begin = nanoTime.getAsLong();
    this.lastPublished = begin - PERIOD_NANOS;
  }

  /** Counts what an earlier run did. */
  void restore(long lines, long errorLines, long reusedLines) {
    done += lines;
    restored += lines;
    errors += errorLines;
    reused += reusedLines;
  }

  /** Counts lines that have their row or error line now, on disk or on its way there. */
  void done(long lines) {
    done += lines;
  }

  void errors(long lines) {
    errors += lines;
  }

  void reused(long lines) {
    reused += lines;
  }

  void tokens(long count) {
    tokens += count;
  }

  /** An answer that an earlier run left in a journal does not count for this one's rate. */
  void restoredAnswer(long lines) {
    restored += lines;
  }

  /** Tells the listener, if it was not told just before. */
  void publish(long linesRead, double fractionRead, int inFlight) {
    long now = nanoTime.getAsLong();
    if (now - lastPublished < PERIOD_NANOS) {
      return;
    }
    lastPublished = now;
    samples.addLast(new Sample(now, done - restored, tokens));
    while (samples.size() > 2 && now - samples.getFirst().nanos > RATE_NANOS) {
      samples.removeFirst();
    }
    listener.progress(snapshot(now, samples.getFirst(), linesRead, fractionRead, inFlight));
  }

  /** The last snapshot of a job that is whole, of which the listener is told too. */
  Progress whole() {
    Progress last = last(done, 1);
    listener.progress(last);
    return last;
  }

  /** The last snapshot, with rates over the whole run. */
  Progress last(long linesRead, double fractionRead) {
    return snapshot(nanoTime.getAsLong(), new Sample(begin, 0, 0), linesRead, fractionRead, 0);
  }

  private Progress snapshot(
      long now, Sample since, long linesRead, double fractionRead, int inFlight) {
    double seconds = (now - since.nanos) / 1e9;
    long own = done - restored;
    double rate = seconds > 0 ? (own - since.done) / seconds : 0;
    boolean exact = fractionRead >= 1;
    OptionalLong total =
        fractionRead > 0
            ? OptionalLong.of(Math.max(done, Math.round(linesRead / fractionRead)))
            : OptionalLong.empty();
    Optional<Duration> eta =
        total.isPresent() && rate > 0
            ? Optional.of(Duration.ofSeconds(Math.round((total.getAsLong() - done) / rate)))
            : Optional.empty();
    return new Progress(
        unit,
        done,
        total,
        exact,
        rate,
        seconds > 0 ? (tokens - since.tokens) / seconds : 0,
        tokens,
        reused,
        errors,
        inFlight,
        Duration.ofNanos(now - begin),
        eta);
  }
}
