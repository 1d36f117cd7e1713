package io.ratatoskr.client;

import io.ratatoskr.schemas.RequestId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The calls whose outcome is open, by request id and by deadline. A request that a broker has
 * acknowledged is waited for beyond its deadline, so that the router's own word on it can arrive.
 * Thread-safe.
 */
final class PendingReplies {
  private final Clock clock;
  private final long graceMillis;
  private final Map<RequestId, Pending> calls = new HashMap<>();
  private final TreeSet<Pending> byDue =
      new TreeSet<>(Comparator.comparingLong(Pending::dueMs).thenComparingLong(Pending::sequence));
  private long sequence;
  private boolean closed;

  /**
   * A call and when it is looked at.
   *
   * @param sequence number of the call, in the order in which they were added
   */
  private record Pending(Call<?> call, long dueMs, long sequence) {}

  PendingReplies(Clock clock, Duration grace) {
    this.clock = clock;
    this.graceMillis = grace.toMillis();
  }

  /** Adds all of them, or none where the client is closed. */
  synchronized boolean add(List<? extends Call<?>> added) {
    if (closed) {
      return false;
    }
    added.forEach(call -> put(new Pending(call, call.deadline(), sequence++)));
    return true;
  }

  private void put(Pending pending) {
    calls.put(pending.call().id(), pending);
    byDue.add(pending);
  }

  /** The call of that id. */
  synchronized Optional<Call<?>> find(RequestId id) {
    return Optional.ofNullable(calls.get(id)).map(Pending::call);
  }

  /** Forgets a call that has ended. */
  synchronized void remove(Call<?> call) {
    Pending pending = calls.remove(call.id());
    if (pending != null) {
      byDue.remove(pending);
    }
  }

  /** Removes the calls that nobody waits for any longer, earliest deadline first. */
  synchronized List<Call<?>> takeExpired() {
    long now = clock.millis();
    List<Call<?>> expired = new ArrayList<>();
    while (!byDue.isEmpty() && byDue.first().dueMs() <= now) {
      Pending pending = byDue.pollFirst();
      Call<?> call = pending.call();
      long latest = call.deadline() + graceMillis;
      if (call.isAcknowledged() && pending.dueMs() < latest) {
        put(new Pending(call, latest, pending.sequence()));
      } else {
        calls.remove(call.id());
        expired.add(call);
      }
    }
    return expired;
  }

  /** Removes every call; from now on none is added. */
  synchronized List<Call<?>> close() {
    closed = true;
    List<Call<?>> rest =
        byDue.stream().<Call<?>>map(Pending::call).collect(Collectors.toUnmodifiableList());
    calls.clear();
    byDue.clear();
    return rest;
  }

  synchronized int size() {
    return calls.size();
  }
}
