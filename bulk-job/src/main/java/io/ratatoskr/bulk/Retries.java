package io.ratatoskr.bulk;

import io.ratatoskr.bulk.BulkJobException.PipelineFailed;
import java.time.Duration;

/**
 * When what failed for the time being is asked again: after half a second, twice as long each time,
 * at most 30 s, and not before its error says. What fails for the eighth time while others are
 * answered is given up; while nothing is answered, the job's patience is what ends. Times are
 * nanoseconds of the job's clock.
 */
final class Retries {
  private static final int TRIES = 8;
  private static final long FIRST_DELAY_NANOS = Duration.ofMillis(500).toNanos();
  private static final long LONGEST_DELAY_NANOS = Duration.ofSeconds(30).toNanos();

  private final Duration patience;
  private long lastAnswer;

  /**
   * How often something has failed so far.
   *
   * @param firstNanos when it did for the first time; means nothing where it has not
   */
  record Failures(int count, long firstNanos) {
    static final Failures NONE = new Failures(0, 0);
  }

  /** What is to be done. */
  sealed interface Verdict {
    /** It is not asked again as it is. */
    record GiveUp() implements Verdict {}

    /**
     * It is asked again.
     *
     * @param dueNanos when
     * @param failures those so far, this one included
     */
    record At(long dueNanos, Failures failures) implements Verdict {}
  }

  Retries(JobLimits limits, long begin) {
    this.patience = limits.patience();
    this.lastAnswer = begin;
  }

  /** Something was answered. */
  void answered(long now) {
    lastAnswer = now;
  }

  /**
   * Decides about what has failed now.
   *
   * @param before its failures before this one
   * @throws PipelineFailed if nothing has been answered for as long as the job's patience lasts
   */
  Verdict failed(Failures before, Failure.Again failure, long now) {
    long first = before.count() == 0 ? now : before.firstNanos();
    boolean othersAnswered = lastAnswer - first > 0;
    if (othersAnswered && before.count() + 1 >= TRIES) {
      return new Verdict.GiveUp();
    }
    if (!othersAnswered && now - first > patience.toNanos()) {
      throw new PipelineFailed(
          "nothing was answered for %d s; the last failure was %s: %s"
              .formatted(
                  patience.toSeconds(), failure.refusal().code(), failure.refusal().reason()),
          null);
    }
    long delay = Math.min(LONGEST_DELAY_NANOS, FIRST_DELAY_NANOS << Math.min(before.count(), 10));
    long asked = failure.after().map(Duration::toNanos).orElse(0L);
    return new Verdict.At(now + Math.max(delay, asked), new Failures(before.count() + 1, first));
  }
}
