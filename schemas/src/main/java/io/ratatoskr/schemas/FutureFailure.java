package io.ratatoskr.schemas;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Finds the exception that a future failed with. */
public final class FutureFailure {
  private FutureFailure() {}

  /** The failure itself, out of the wrappers that futures put around it, however many. */
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
