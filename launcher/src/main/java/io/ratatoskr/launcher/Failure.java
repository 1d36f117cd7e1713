package io.ratatoskr.launcher;

import io.ratatoskr.bulk.BulkJobException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What a user is told of a command's failure. */
final class Failure {
  private Failure() {}

  /** One readable line. */
  static String describe(Throwable failure) {
    Throwable cause = unwrapped(failure);
    String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName() + "; --debug shows where"
        : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** The command's exit status. */
  static int exitCode(Throwable failure) {
    return unwrapped(failure) instanceof BulkJobException.DiskFull
        ? ExitCode.DISK_FULL
        : ExitCode.FAILED;
  }

  /** The failure itself, out of the wrappers that futures put around it. */
  static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
