package io.ratatoskr.router;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.wire.CacheUse;
import org.jspecify.annotations.Nullable;

/** The terminal reply to one request. */
sealed interface Verdict {

  /** An answer, and how it came about. */
  record Success(WorkerAnswer answer, CacheUse cache, int attempts, @Nullable String fallbackFrom)
      implements Verdict {}

  /** A failure after so many attempts. */
  record Failure(InferenceError error, int attempts) implements Verdict {}
}
