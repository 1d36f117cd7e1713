package io.ratatoskr.launcher.ask;

import io.ratatoskr.launcher.command.Failure;
import io.ratatoskr.schemas.FutureFailure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for futures where a command has nothing else to do. */
final class Futures {
  private Futures() {}

  /** The future's value, or its failure itself. */
  static <T> T await(CompletableFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (FutureFailure.cause(e) instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(Failure.describe(e), e);
    }
  }
}
