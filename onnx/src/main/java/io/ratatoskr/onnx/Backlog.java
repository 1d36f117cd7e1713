package io.ratatoskr.onnx;

import io.ratatoskr.schemas.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The rows that wait, interactive and bulk ones apart, out of which callers take batches. A batch
 * is cut when a caller takes it, so what waits is cut as the traffic of that moment wants it, and
 * rows of several submissions share a batch. Safe for many threads.
 */
final class Backlog<T> {

  /**
   * What a caller runs at once.
   *
   * @param rows longest first, at least one
   */
  record Batch<T>(Lane lane, List<T> rows) {}

  /** The rows of one lane, and the callers that wait for some. */
  private record Queue<T>(WaitingRows<T> rows, Condition added) {}

  private final ToIntFunction<T> length;
  private final BatchBudget budget;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<T> interactive;
  private final Queue<T> bulk;
  private boolean closed;

  /**
   * @param length tokens of a row
   * @param wanted whether anybody still waits for it
   * @param nanoTime a clock
   */
  Backlog(ToIntFunction<T> length, Predicate<T> wanted, BatchBudget budget, LongSupplier nanoTime) {
    this.length = length;
    this.budget = budget;
    this.nanoTime = nanoTime;
    this.interactive = new Queue<>(new WaitingRows<>(length, wanted), lock.newCondition());
    this.bulk = new Queue<>(new WaitingRows<>(length, wanted), lock.newCondition());
  }

  private Queue<T> queue(Lane lane) {
    return switch (lane) {
      case INTERACTIVE -> interactive;
      case BULK -> bulk;
    };
  }

  /** Adds all or, when closed, none. */
  boolean offer(Lane lane, List<T> rows) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      if (lane == Lane.INTERACTIVE) {
        budget.interactive(nanoTime.getAsLong());
      }
      queue(lane).rows().add(rows);
      queue(lane).added().signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next batch of that lane, through interrupts; null once closed. */
  @Nullable Batch<T> take(Lane lane) {
    lock.lock();
    try {
      while (!closed) {
        List<T> rows = queue(lane).rows().cut(budget.tokens(lane, nanoTime.getAsLong()));
        if (!rows.isEmpty()) {
          return new Batch<>(lane, rows);
        }
        queue(lane).added().awaitUninterruptibly();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** A batch has run, which tells how fast this machine is. */
  void ran(Batch<T> batch, long tookNanos) {
    if (batch.lane() == Lane.BULK) {
      int padded = length.applyAsInt(batch.rows().getFirst());
      lock.lock();
      try {
        budget.ran(padded * batch.rows().size(), tookNanos);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Ends every wait and returns what nobody took. */
  List<T> close() {
    lock.lock();
    try {
      closed = true;
      List<T> rest = new ArrayList<>(interactive.rows().drain());
      rest.addAll(bulk.rows().drain());
      interactive.added().signalAll();
      bulk.added().signalAll();
      return rest;
    } finally {
      lock.unlock();
    }
  }
}
