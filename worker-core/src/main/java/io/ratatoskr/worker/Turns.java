package io.ratatoskr.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Gives the places of a lane to its queues, by {@link DeficitRoundRobin} where more of them have
 * work than there are places. A place is for one batch or one call at a time. The unit is the item:
 * one text, pair or call. Records would let one that holds thirty texts count as much as one with a
 * single text, and tokens are known to few engines before they run. Thread-safe.
 *
 * <p>Whoever had work stays in line, so that its next poll waits for its turn; whoever found none
 * leaves it and watches its queue without a turn. What watching brings is run at its next turn.
 */
final class Turns {
  private final int places;
  private final DeficitRoundRobin order = new DeficitRoundRobin();
  private final Map<String, Integer> seats = new HashMap<>();
  private final Map<String, Integer> waiting = new HashMap<>();
  private int free;

  /**
   * All places free.
   *
   * @param places batches or calls at once, 1 or more
   */
  Turns(int places) {
    this.places = places;
    this.free = places;
  }

  /** From now on that is a queue's weight, 1 or more. */
  synchronized void weight(String queue, int weight) {
    order.weight(queue, weight);
  }

  /** For one thread that takes from that queue. */
  Seat seat(String queue) {
    return new Seat(queue);
  }

  synchronized boolean anyFree() {
    return free > 0;
  }

  /** Gives back a place that was taken by {@link Seat#take}. */
  synchronized void release(int number) {
    free += number;
    notifyAll();
  }

  /** Waits until all places are free; false if it takes longer. */
  synchronized boolean awaitFree(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (free < places) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  private static void add(Map<String, Integer> counts, String queue, int number) {
    if (counts.merge(queue, number, Integer::sum) == 0) {
      counts.remove(queue);
    }
  }

  /** One thread's standing. Used by that thread alone. */
  final class Seat implements AutoCloseable {
    private final String queue;
    private boolean joined;
    private boolean inLine;
    private boolean placed;

    private Seat(String queue) {
      this.queue = queue;
    }

    /** Whether the next poll has to wait for a turn. */
    boolean isInLine() {
      return inLine;
    }

    /** Waits for a turn, and takes a place; false if it takes longer. */
    boolean await(Duration timeout) throws InterruptedException {
      synchronized (Turns.this) {
        line(true);
        long end = System.nanoTime() + timeout.toNanos();
        while (!isNext()) {
          long left = end - System.nanoTime();
          if (left <= 0) {
            return false;
          }
          TimeUnit.NANOSECONDS.timedWait(Turns.this, left);
        }
        place();
        return true;
      }
    }

    /** Takes a place, whether or not one is free. */
    void force() {
      synchronized (Turns.this) {
        line(true);
        place();
      }
    }

    private void place() {
      line(false);
      free--;
      placed = true;
      Turns.this.notifyAll(); // another's turn may be next
    }

    boolean isPlaced() {
      return placed;
    }

    /**
     * A batch has ended.
     *
     * @param units what it cost
     * @param more whether the queue is likely to have more
     */
    void served(long units, boolean more) {
      synchronized (Turns.this) {
        order.charge(queue, units);
        if (placed) {
          placed = false;
          free++;
        }
        line(more);
        Turns.this.notifyAll();
      }
    }

    /**
     * Takes as many places as it may now, and pays a unit for each. They are given back by {@link
     * Turns#release}.
     *
     * @return 0 where none is free, or it is another queue's turn; it stays in line then
     */
    int take(int most) {
      synchronized (Turns.this) {
        line(true);
        int taken = 0;
        while (taken < most && isNext()) {
          order.charge(queue, 1);
          free--;
          taken++;
        }
        if (taken > 0) {
          line(false);
        }
        return taken;
      }
    }

    /** Gives back places that it took and does not need, and what was paid for them. */
    void giveBack(int number) {
      synchronized (Turns.this) {
        order.charge(queue, -number);
        release(number);
      }
    }

    private boolean isNext() {
      return free > 0 && queue.equals(order.next(waiting::containsKey));
    }

    private void line(boolean stands) {
      if (stands && !joined) {
        joined = true;
        add(seats, queue, 1);
        order.join(queue);
      }
      if (stands != inLine) {
        inLine = stands;
        add(waiting, queue, stands ? 1 : -1);
      }
    }

    /** Its queue has no work now. */
    void rest() {
      synchronized (Turns.this) {
        line(false);
        if (placed) {
          placed = false;
          free++;
        }
        if (joined) {
          joined = false;
          add(seats, queue, -1);
          if (!seats.containsKey(queue)) {
            order.leave(queue);
          }
        }
        Turns.this.notifyAll();
      }
    }

    @Override
    public void close() {
      rest();
    }
  }
}
