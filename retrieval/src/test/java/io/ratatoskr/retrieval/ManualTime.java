package io.ratatoskr.retrieval;

import io.ratatoskr.client.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time that passes when told to. */
final class ManualTime implements Time {
  private final List<Due> due = new ArrayList<>();
  private final List<Duration> delays = new ArrayList<>();

  /** Overflows soon, as the machine's may. */
  private long now = Long.MAX_VALUE - 7;

  private record Due(long nanos, Runnable task) {}

  @Override
  public synchronized long nanos() {
    return now;
  }

  @Override
  public synchronized void after(Duration delay, Runnable task) {
    delays.add(delay);
    due.add(new Due(now + delay.toNanos(), task));
  }

  /** What was to be waited for so far. */
  synchronized List<Duration> delays() {
    return List.copyOf(delays);
  }

  /** Lets time pass and runs, on this thread, what is due then. */
  void advance(Duration by) {
    List<Due> reached = new ArrayList<>();
    synchronized (this) {
      now += by.toNanos();
      due.removeIf(one -> {
        boolean isDue = one.nanos - now <= 0;
        if (isDue) {
          reached.add(one);
        }
        return isDue;
      });
    }
    reached.forEach(one -> one.task.run());
  }
}
