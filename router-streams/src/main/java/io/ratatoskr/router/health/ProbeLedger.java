package io.ratatoskr.router.health;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The permits for probes of one half-open circuit: how many each router has been given and has
 * used. All numbers are counted from when the circuit became half open, so that a permit which is
 * given while another one is used is not used twice.
 *
 * <p>A permit that is not used while another router wants one is taken back. It counts as used for
 * {@link #TAKEN_BACK_MS}, until its router must have heard of that. Not thread-safe.
 */
final class ProbeLedger {
  /** How long a permit must lie unused before it is taken back. */
  static final long UNUSED_MS = 1_000;

  /** Within this time a router hears that a permit is taken back, and has told if it was used. */
  static final long TAKEN_BACK_MS = 1_000;

  private static final int MOST_ROUTERS = 64;

  private final int most;
  private final long givenUpMs;
  private final Map<String, Integer> given = new HashMap<>();
  private final Map<String, Integer> used = new HashMap<>();
  private final Deque<String> routers = new ArrayDeque<>();
  private final Set<String> waiting = new LinkedHashSet<>();
  private int ended;
  private long changedMs;
  private long notBeforeMs;

  /**
   * @param most probes under way or permitted at once
   * @param givenUpMs how long a probe may say nothing before it counts as lost
   */
  ProbeLedger(int most, long givenUpMs) {
    this.most = most;
    this.givenUpMs = givenUpMs;
  }

  /** A router has reported something, so it lives; the latest one comes first. */
  void heard(String router) {
    if (routers.remove(router) || routers.size() < MOST_ROUTERS) {
      routers.addFirst(router);
    }
  }

  /** The circuit has become half open: no permit is given, and no probe under way. */
  void begin(long now) {
    given.clear();
    used.clear();
    waiting.clear();
    ended = 0;
    changedMs = now;
    notBeforeMs = now;
  }

  /** A router has sent so many probes in all. */
  void sent(String router, int inAll, long now) {
    if (inAll > used.getOrDefault(router, 0)) {
      used.put(router, inAll);
      given.merge(router, inAll, Math::max);
      waiting.remove(router);
      changedMs = now;
    }
  }

  /** So many probes have ended. */
  void ended(int more, long now) {
    if (more > 0) {
      ended = Math.min(ended + more, total(used));
      changedMs = now;
    }
  }

  /** A router could use a permit and has none. */
  void wanted(String router) {
    if (unused(router) == 0) {
      waiting.add(router);
    }
  }

  /**
   * Gives permits where there is room: to routers that want one, else to those that reported last.
   *
   * @param needed probes that have to succeed yet
   */
  void grant(int needed, long now) {
    int running = total(used) - ended;
    if (running > 0 && now - changedMs > givenUpMs) {
      ended = total(used);
      running = 0;
      changedMs = now;
    }
    if (now < notBeforeMs) {
      return;
    }
    int room = Math.min(most, needed) - running - unused();
    while (room > 0) {
      String next = next();
      if (next == null) {
        break;
      }
      given.merge(next, 1, Integer::sum);
      changedMs = now;
      room--;
    }
    if (!waiting.isEmpty() && unused() > 0 && now - changedMs >= UNUSED_MS) {
      given.replaceAll((router, permits) -> used.getOrDefault(router, 0));
      changedMs = now;
      notBeforeMs = now + TAKEN_BACK_MS;
    }
  }

  private @Nullable String next() {
    if (!waiting.isEmpty()) {
      String first = waiting.iterator().next();
      waiting.remove(first);
      return first;
    }
    String first = routers.pollFirst();
    if (first != null) {
      routers.addLast(first);
    }
    return first;
  }

  private int unused(String router) {
    return given.getOrDefault(router, 0) - used.getOrDefault(router, 0);
  }

  private int unused() {
    return total(given) - total(used);
  }

  private static int total(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** How many probes each router may send in all. */
  Map<String, Integer> permits() {
    return Map.copyOf(given);
  }
}
