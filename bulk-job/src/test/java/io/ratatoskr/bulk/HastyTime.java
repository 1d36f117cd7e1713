package io.ratatoskr.bulk;

import io.ratatoskr.client.Time;
import java.time.Duration;

/** Ten milliseconds pass between two looks at the clock. */
final class HastyTime implements Time {
  private long nanos;

  @Override
  public synchronized long nanos() {
    nanos += 10_000_000;
    return nanos;
  }

  @Override
  public void after(Duration delay, Runnable task) {
    Time.system().after(delay, task);
  }
}
