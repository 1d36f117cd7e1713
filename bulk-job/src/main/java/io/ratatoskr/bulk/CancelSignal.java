package io.ratatoskr.bulk;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells a running job to stop. Thread-safe; once given it stays. */
public final class CancelSignal {
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean cancelled;

  /** Stops the job as soon as the answers in hand are safe. */
  public void cancel() {
    cancelled = true;
    listeners.forEach(Runnable::run);
  }

  boolean isCancelled() {
    return cancelled;
  }

  void onCancel(Runnable listener) {
    listeners.add(listener);
    if (cancelled) {
      listener.run();
    }
  }
}
