package io.ratatoskr.retrieval;

import io.ratatoskr.schemas.InferenceError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whether, and after which pause, candidates that could not be judged are asked about again. */
final class Retries {
  private static final int TRIES = 4;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  private Retries() {}

  /**
   * The pause: half a second, then twice as long each time, or the longest that an error asks for.
   *
   * @param errors of what would be asked about again
   * @param tries made so far
   * @param left until the query's timeout
   * @return empty where all has been tried, or the timeout would come first
   */
  static Optional<Duration> pause(List<InferenceError> errors, int tries, Duration left) {
    if (errors.isEmpty() || tries >= TRIES) {
      return Optional.empty();
    }
    Duration pause = FIRST_PAUSE.multipliedBy(1L << (tries - 1));
    for (InferenceError error : errors) {
      Duration asked = error.retryAfter().orElse(Duration.ZERO);
      pause = asked.compareTo(pause) > 0 ? asked : pause;
    }
    return pause.compareTo(left) < 0 ? Optional.of(pause) : Optional.empty();
  }
}
