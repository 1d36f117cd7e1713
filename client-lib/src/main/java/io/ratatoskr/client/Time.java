package io.ratatoskr.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A clock, and a timer that runs tasks later without a thread that sleeps. Thread-safe. */
public interface Time {

  /** Nanoseconds since some moment; only differences mean something. */
  long nanos();

  /** Runs a task, on any thread, when that time has passed. */
  void after(Duration delay, Runnable task);

  /** This machine's. */
  static Time system() {
    return new Time() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public void after(Duration delay, Runnable task) {
        CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS).execute(task);
      }
    };
  }
}
