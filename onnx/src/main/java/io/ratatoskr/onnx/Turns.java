package io.ratatoskr.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Two queues of rows, out of which callers take batches: interactive before bulk, but every n-th
 * turn is bulk's while both wait, so that a busy interactive side slows bulk down and never stops
 * it. A batch is cut when a caller takes it, so what waits is cut as the traffic of that moment
 * wants it, and rows of several submissions share a batch. Safe for many threads.
 */
final class Turns<T> {

  /**
   * What a caller runs at once.
   *
   * @param rows longest first, at least one
   */
  record Batch<T>(Priority priority, List<T> rows) {}

  private final int bulkEvery;
  private final ToIntFunction<T> length;
  private final BatchBudget budget;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition anything = lock.newCondition();
  private final Condition interactiveOnly = lock.newCondition();
  private final WaitingRows<T> interactive;
  private final WaitingRows<T> bulk;
  private int idle;
  private int interactiveInARow;
  private boolean closed;

  /**
   * @param bulkEvery 2 or more
   * @param length tokens of a row
   * @param wanted whether anybody still waits for it
   * @param nanoTime a clock
   */
  Turns(
      int bulkEvery,
      ToIntFunction<T> length,
      Predicate<T> wanted,
      BatchBudget budget,
      LongSupplier nanoTime) {
    this.bulkEvery = bulkEvery;
    this.length = length;
    this.budget = budget;
    this.nanoTime = nanoTime;
    this.interactive = new WaitingRows<>(length, wanted);
    this.bulk = new WaitingRows<>(length, wanted);
  }

  /** Adds all or, when closed, none. */
  boolean offer(Priority priority, List<T> rows) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      if (priority == Priority.INTERACTIVE) {
        budget.interactive(nanoTime.getAsLong());
      }
      waiting(priority).add(rows);
      anything.signalAll();
      callForInteractive();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void callForInteractive() {
    if (idle == 0 && !interactive.isEmpty()) {
      interactiveOnly.signal();
    }
  }

  /** Waits for the next turn, through interrupts; null once closed. */
  @Nullable Batch<T> take() {
    lock.lock();
    try {
      while (!closed) {
        Batch<T> batch = next();
        if (batch != null) {
          callForInteractive();
          return batch;
        }
        idle++;
        anything.awaitUninterruptibly();
        idle--;
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** The same for a caller beside the others, for interactive rows that find all of them busy. */
  @Nullable Batch<T> takeInteractive() {
    lock.lock();
    try {
      while (!closed) {
        Batch<T> batch = idle > 0 ? null : cut(Priority.INTERACTIVE);
        if (batch != null) {
          return batch;
        }
        interactiveOnly.awaitUninterruptibly();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Batch<T> next() {
    boolean bulksTurn = interactive.isEmpty() || interactiveInARow >= bulkEvery - 1;
    Batch<T> batch = cut(bulksTurn ? Priority.BULK : Priority.INTERACTIVE);
    if (batch == null) {
      batch = cut(bulksTurn ? Priority.INTERACTIVE : Priority.BULK);
    }
    if (batch != null) {
      boolean bulkPassedOver = batch.priority() == Priority.INTERACTIVE && !bulk.isEmpty();
      interactiveInARow = bulkPassedOver ? interactiveInARow + 1 : 0;
    }
    return batch;
  }

  private @Nullable Batch<T> cut(Priority priority) {
    List<T> rows = waiting(priority).cut(budget.tokens(priority, nanoTime.getAsLong()));
    return rows.isEmpty() ? null : new Batch<>(priority, rows);
  }

  private WaitingRows<T> waiting(Priority priority) {
    return switch (priority) {
      case INTERACTIVE -> interactive;
      case BULK -> bulk;
    };
  }

  /** A batch has run, which tells how fast this machine is. */
  void ran(Batch<T> batch, long tookNanos) {
    if (batch.priority() == Priority.BULK) {
      int padded = length.applyAsInt(batch.rows().getFirst());
      lock.lock();
      try {
        budget.ran(padded * batch.rows().size(), tookNanos);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Ends every wait and returns what had no turn. */
  List<T> close() {
    lock.lock();
    try {
      closed = true;
      List<T> rest = new ArrayList<>(interactive.drain());
      rest.addAll(bulk.drain());
      anything.signalAll();
      interactiveOnly.signalAll();
      return rest;
    } finally {
      lock.unlock();
    }
  }
}
