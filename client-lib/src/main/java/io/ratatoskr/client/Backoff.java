package io.ratatoskr.client;

import io.ratatoskr.schemas.InferenceError;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * Computes the pause before the next attempt: twice as long each time, and as long as an error asks
 * for, up to a day. By chance up to half of the own pause comes on top, so that what failed
 * together does not come back together.
 *
 * @param first pause after the first failure, positive
 * @param longest longest pause, chance and what errors ask for aside; not below {@code first}
 * @param random chance, 0 inclusive to 1 exclusive; from any thread
 */
public record Backoff(Duration first, Duration longest, DoubleSupplier random) {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration LONGEST_ASKED = Duration.ofDays(1);

  public Backoff {
    if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "backoff: must be positive and grow, not " + first + " to " + longest);
    }
  }

  /** Half a second to 30 s. */
  public static Backoff standard() {
    return new Backoff(FIRST, LONGEST, () -> ThreadLocalRandom.current().nextDouble());
  }

  public Backoff withRandom(DoubleSupplier newRandom) {
    return new Backoff(first, longest, newRandom);
  }

  /**
   * The pause after a failure.
   *
   * @param tries made so far, 1 or more
   * @param errors of what is asked again; the longest wait that one asks for counts
   */
  public Duration pause(int tries, Collection<InferenceError> errors) {
    long own =
        (long) Math.min((double) longest.toNanos(), first.toNanos() * Math.pow(2, tries - 1));
    Duration pause = Duration.ofNanos(own);
    for (InferenceError error : errors) {
      Duration asked = error.retryAfter().orElse(Duration.ZERO);
      pause = asked.compareTo(pause) > 0 ? asked : pause;
    }
    Duration chance = Duration.ofNanos((long) (own * random.getAsDouble() / 2));
    return (pause.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : pause).plus(chance);
  }
}
