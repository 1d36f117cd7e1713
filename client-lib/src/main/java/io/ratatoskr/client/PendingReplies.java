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

/**
 * The calls whose outcome is open, by request id and by deadline. A request that a broker has
 * acknowledged is waited for beyond its deadline, so that the router's own word on it can arrive.
 * Thread-safe.
 */
final class PendingReplies {
  private final Clock clock;
  private final long graceMillis;
  private final Map<RequestId, PendingCall> calls = new HashMap<>();
  private final TreeSet<PendingCall> byDue =
      new TreeSet<>(
          Comparator.<PendingCall>comparingLong(call -> call.due)
              .thenComparingLong(call -> call.sequence));
  private long sequence;
  private boolean closed;

  PendingReplies(Clock clock, Duration grace) {
    this.clock = clock;
    this.graceMillis = grace.toMillis();
  }

  /** Adds all of them, or none where the client is closed. */
  synchronized boolean add(List<PendingCall> added) {
    if (closed) {
      return false;
    }
    for (PendingCall call : added) {
      call.sequence = sequence++;
      calls.put(call.id, call);
      byDue.add(call);
    }
    return true;
  }

  /** Removes the call of that id and returns it; whoever receives it must complete it. */
  synchronized Optional<PendingCall> take(RequestId id) {
    PendingCall call = calls.remove(id);
    if (call == null) {
      return Optional.empty();
    }
    byDue.remove(call);
    return Optional.of(call);
  }

  /** Removes the calls that nobody waits for any longer, earliest deadline first. */
  synchronized List<PendingCall> takeExpired() {
    long now = clock.millis();
    List<PendingCall> expired = new ArrayList<>();
    while (!byDue.isEmpty() && byDue.first().due <= now) {
      PendingCall call = byDue.pollFirst();
      if (call.acknowledged && call.due < call.deadline + graceMillis) {
        call.due = call.deadline + graceMillis;
        byDue.add(call);
      } else {
        calls.remove(call.id);
        expired.add(call);
      }
    }
    return expired;
  }

  /** Removes every call; from now on none is added. */
  synchronized List<PendingCall> close() {
    closed = true;
    List<PendingCall> rest = new ArrayList<>(byDue);
    calls.clear();
    byDue.clear();
    return rest;
  }

  synchronized boolean holds(PendingCall call) {
    return calls.containsKey(call.id);
  }

  synchronized int size() {
    return calls.size();
  }
}
