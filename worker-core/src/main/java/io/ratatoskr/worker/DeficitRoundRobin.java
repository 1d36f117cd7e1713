package io.ratatoskr.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Weighted deficit round-robin between queues (Shreedhar and Varghese, Efficient Fair Queuing using
 * Deficit Round-Robin, SIGCOMM 1995). Each visit gives a queue credit in units of its weight, and
 * it is served while it has some. What a batch costs is known only after it was taken, so a queue
 * may take more than it has, and owes the rest (surplus round-robin: Adiseshu, Parulkar and
 * Varghese, SIGCOMM 1996).
 *
 * <p>So while the same queues have work, what any two of them were served, each divided by its
 * weight, differs by at most one unit and a largest batch of each divided by its weight, over any
 * stretch of time. A queue without work saves up nothing, and a lone one never waits.
 *
 * <p>Decides without I/O; not thread-safe.
 */
final class DeficitRoundRobin {
  private final Map<String, Integer> weights = new HashMap<>();
  private final Map<String, Long> credits = new HashMap<>();
  private final Deque<String> round = new ArrayDeque<>();
  private boolean visited;

  /**
   * From now on that is a queue's weight.
   *
   * @param weight 1 or more; 1 where nothing is said
   */
  void weight(String queue, int weight) {
    if (weight < 1) {
      throw new IllegalArgumentException("weight: must be positive, is " + weight);
    }
    weights.put(queue, weight);
  }

  /** A queue has work: its turn comes after those that had some before it. */
  void join(String queue) {
    if (credits.putIfAbsent(queue, 0L) == null) {
      round.addLast(queue);
    }
  }

  /** A queue has no more work; neither credit nor debt is kept. */
  void leave(String queue) {
    if (credits.remove(queue) != null) {
      visited &= !queue.equals(round.peekFirst());
      round.remove(queue);
    }
  }

  /**
   * Whose turn it is; the same one until it is charged for more than it may take, or leaves.
   *
   * @param takes whether a queue that has joined would take its turn now; others are passed over
   */
  @Nullable String next(Predicate<String> takes) {
    int passed = 0;
    while (passed < round.size()) {
      String first = round.getFirst();
      if (takes.test(first)) {
        passed = 0;
        if (!visited) {
          visited = true;
          credits.merge(first, weightOf(first), Long::sum);
        }
        if (credits.getOrDefault(first, 0L) > 0) {
          return first;
        }
      } else {
        passed++;
      }
      visited = false;
      round.addLast(round.removeFirst());
    }
    return null;
  }

  /** A queue was served. */
  void charge(String queue, long units) {
    credits.computeIfPresent(queue, (name, credit) -> credit - units);
  }

  private long weightOf(String queue) {
    return weights.getOrDefault(queue, 1);
  }
}
