package io.ratatoskr.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Two queues with one exit: interactive before bulk, but every n-th turn is bulk's while both wait,
 * so that a busy interactive side slows bulk down and never stops it. Safe for many threads.
 */
final class Turns<T> {
  private final int bulkEvery;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<T> interactive = new ArrayDeque<>();
  private final ArrayDeque<T> bulk = new ArrayDeque<>();
  private int interactiveInARow;
  private boolean closed;

  Turns(int bulkEvery) {
    this.bulkEvery = bulkEvery;
  }

  /** Adds all or, when closed, none. */
  boolean offer(Priority priority, List<T> work) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      queue(priority).addAll(work);
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next turn, through interrupts; null once closed. */
  @Nullable T take() {
    lock.lock();
    try {
      while (!closed && interactive.isEmpty() && bulk.isEmpty()) {
        changed.awaitUninterruptibly();
      }
      return closed ? null : next();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable T next() {
    boolean bulksTurn = interactive.isEmpty() || interactiveInARow >= bulkEvery - 1;
    if (bulksTurn && !bulk.isEmpty()) {
      interactiveInARow = 0;
      return bulk.poll();
    }
    interactiveInARow = bulk.isEmpty() ? 0 : interactiveInARow + 1;
    return interactive.poll();
  }

  /** Ends every {@link #take} and returns what had no turn. */
  List<T> close() {
    lock.lock();
    try {
      closed = true;
      List<T> rest = new ArrayList<>(interactive);
      rest.addAll(bulk);
      interactive.clear();
      bulk.clear();
      changed.signalAll();
      return rest;
    } finally {
      lock.unlock();
    }
  }

  private ArrayDeque<T> queue(Priority priority) {
    return switch (priority) {
      case INTERACTIVE -> interactive;
      case BULK -> bulk;
    };
  }
}
