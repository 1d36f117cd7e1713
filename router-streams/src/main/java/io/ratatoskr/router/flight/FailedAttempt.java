package io.ratatoskr.router.flight;

import io.ratatoskr.schemas.InferenceError;
import org.jspecify.annotations.Nullable;

/**
 * An attempt of a flight that came to nothing.
 *
 * @param attempt its number, from 1
 * @param pool the pool that it was sent to
 * @param model the model that was to answer
 * @param worker id of the worker that ran it; null where nobody reported on it
 * @param dispatchedMs when it was sent to the pool, in epoch milliseconds
 * @param endedMs when the router knew of its end, in epoch milliseconds
 * @param error why it failed
 */
public record FailedAttempt(
    int attempt,
    String pool,
    String model,
    @Nullable String worker,
    long dispatchedMs,
    long endedMs,
    InferenceError error) {

  /** Most that a flight remembers, the latest ones. */
  static final int MOST = 16;

  private static final int LONGEST_MESSAGE = 500;

  public FailedAttempt {
    if (error.message().length() > LONGEST_MESSAGE) {
      error =
          new InferenceError(
              error.code(),
              error.message().substring(0, LONGEST_MESSAGE) + "...",
              error.details(),
              error.retryAfterOrNull());
    }
  }
}
