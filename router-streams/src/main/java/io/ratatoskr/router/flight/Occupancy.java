package io.ratatoskr.router.flight;

import io.ratatoskr.router.flight.Flight.Open;
import io.ratatoskr.router.flight.Flight.Queued;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a task's open flights come to: how many each tenant has, and since when the work of each
 * queue of a pool waits that nobody has reported on. It follows from the flights alone, change by
 * change, so that it is the same after a restart as before. The time of work is kept in steps, so
 * that its size does not grow with the number of flights.
 *
 * <p>Changes come from one thread; the flights of tenants may be read by all.
 */
public final class Occupancy {
  private final long stepMs;
  private final Map<String, Integer> tenants = new ConcurrentHashMap<>();
  private final Map<String, NavigableMap<Long, Integer>> waiting = new HashMap<>();

  /** Work that was sent to a queue of a pool in a step of time. */
  private record Place(String queue, long step) {}

  /**
   * No flights yet.
   *
   * @param stepMs how exactly the time of work is kept, 1 or more milliseconds
   */
  public Occupancy(long stepMs) {
    if (stepMs < 1) {
      throw new IllegalArgumentException("stepMs: must be positive, is " + stepMs);
    }
    this.stepMs = stepMs;
  }

  /**
   * A flight has changed.
   *
   * @param before as it was counted; null where it was not
   * @param after as it is now; null where it is forgotten
   */
  public void change(@Nullable Flight before, @Nullable Flight after) {
    Flight was = open(before);
    Flight is = open(after);
    if (was != null && is == null) {
      add(tenants, was.facts().tenant(), -1);
    } else if (is != null && was == null) {
      add(tenants, is.facts().tenant(), 1);
    }
    Place left = place(before);
    Place taken = place(after);
    if (left != null && !left.equals(taken)) {
      NavigableMap<Long, Integer> steps =
          waiting.computeIfAbsent(left.queue(), queue -> new TreeMap<>());
      add(steps, left.step(), -1);
      if (steps.isEmpty()) {
        waiting.remove(left.queue());
      }
    }
    if (taken != null && !taken.equals(left)) {
      add(waiting.computeIfAbsent(taken.queue(), queue -> new TreeMap<>()), taken.step(), 1);
    }
  }

  private static @Nullable Flight open(@Nullable Flight flight) {
    return flight != null && flight.isOpen() ? flight : null;
  }

  private @Nullable Place place(@Nullable Flight flight) {
    return flight != null && flight.state() instanceof Open open && open.phase() instanceof Queued
        ? new Place(flight.candidate().place(), Math.floorDiv(open.dispatchedMs(), stepMs))
        : null;
  }

  private static <K> void add(Map<K, Integer> counts, K key, int number) {
    if (counts.merge(key, number, Integer::sum) == 0) {
      counts.remove(key);
    }
  }

  /** The open flights of a tenant. */
  public int open(String tenant) {
    return tenants.getOrDefault(tenant, 0);
  }

  /**
   * When the oldest work was sent to a queue that nobody has reported on, in epoch milliseconds, up
   * to a step early; empty where none waits.
   *
   * @param place the {@linkplain io.ratatoskr.policy.PoolCandidate#place() pool and its queue}
   */
  public OptionalLong waitingSinceMs(String place) {
    NavigableMap<Long, Integer> steps = waiting.get(place);
    return steps == null ? OptionalLong.empty() : OptionalLong.of(steps.firstKey() * stepMs);
  }
}
