package io.ratatoskr.router;

import io.ratatoskr.policy.ModelLabel;
import io.ratatoskr.router.flight.WorkerAnswer;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.wire.CacheUse;
import org.jspecify.annotations.Nullable;

/** The terminal reply to one request. */
sealed interface Verdict {
  /** The outcome of what was answered, where errors have their codes. */
  String ANSWERED = "Answered";

  /** {@link #ANSWERED}, or the code of the error. */
  default String outcome() {
    return switch (this) {
      case Success success -> ANSWERED;
      case Failure failure -> failure.error().code().wireName();
    };
  }

  /**
   * An answer, and how it came about.
   *
   * @param answer the worker's answer
   * @param cache whether it came from the cache, from a flight that was open, or from neither
   * @param attempts attempts of the flight, 1 or more; 0 from the cache
   * @param fallbackFrom the model that should have answered, or its pool where another pool of the
   *     same model did; null where the first candidate answered
   * @param reason why that model and pool were asked; empty from the cache
   * @param label what people are told about the model
   */
  record Success(
      WorkerAnswer answer,
      CacheUse cache,
      int attempts,
      @Nullable String fallbackFrom,
      String reason,
      ModelLabel label)
      implements Verdict {}

  /**
   * A failure.
   *
   * @param error what the sender is told
   * @param attempts attempts of the flight; 0 where none was made
   */
  record Failure(InferenceError error, int attempts) implements Verdict {}
}
