package io.ratatoskr.client;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Lets a lane's calls of one capability go while there is room in flight, the others in the order
 * in which they came. A call keeps its room until its outcome is handed over and its send has
 * ended, so that neither slow callbacks nor an unreachable broker pile up records. Thread-safe;
 * never blocks.
 */
final class FlowControl {
  private static final long SLOW_ACK_MS = 1_000;

  private final ClientConfig config;
  private final Clock clock;
  private final Consumer<Call<?>> sender;
  private final Map<Call<?>, Place> inFlight = new LinkedHashMap<>();
  private final Set<Call<?>> waiting = new LinkedHashSet<>();
  private long inFlightBytes;
  private long waitingBytes;

  /** The place of a call in flight. */
  private static final class Place {
    final long sentAt;
    boolean settled;
    boolean sending = true;

    Place(long sentAt) {
      this.sentAt = sentAt;
    }
  }

  /**
   * The calls of a lane, with the bytes of their records.
   *
   * @param inFlight calls that are sent and not settled
   * @param inFlightBytes bytes of their records
   * @param waiting calls that wait for room in flight
   * @param waitingBytes bytes of their records
   */
  record Load(int inFlight, long inFlightBytes, int waiting, long waitingBytes) {
    Load plus(Load other) {
      return new Load(
          inFlight + other.inFlight,
          inFlightBytes + other.inFlightBytes,
          waiting + other.waiting,
          waitingBytes + other.waitingBytes);
    }
  }

  /**
   * @param sender takes the calls that waited, in order, and returns at once; {@link #sendEnded}
   *     follows for each
   */
  FlowControl(ClientConfig config, Clock clock, Consumer<Call<?>> sender) {
    this.config = config;
    this.clock = clock;
    this.sender = sender;
  }

  /**
   * Takes all of them, or none where they would not fit among those that wait.
   *
   * @param first takes on this thread, in order, what has room at once; {@link #sendEnded} follows
   *     for each
   */
  boolean submit(List<? extends Call<?>> calls, Consumer<Call<?>> first) {
    List<Call<?>> going = new ArrayList<>();
    if (!admit(calls, going)) {
      return false;
    }
    going.forEach(first);
    return true;
  }

  private synchronized boolean admit(List<? extends Call<?>> calls, List<Call<?>> going) {
    long bytes = calls.stream().mapToLong(Call::bytes).sum();
    boolean goesAtOnce =
        waiting.isEmpty()
            && inFlight.size() + calls.size() <= config.inFlight().records()
            && inFlightBytes + bytes <= config.inFlight().bytes();
    boolean lonely = inFlight.isEmpty() && waiting.isEmpty() && calls.size() == 1;
    boolean fits =
        waiting.size() + calls.size() <= config.queued().calls()
            && waitingBytes + bytes <= config.queued().bytes();
    if (!goesAtOnce && !lonely && !fits) {
      return false;
    }
    waiting.addAll(calls);
    waitingBytes += bytes;
    letGo(going::add);
    return true;
  }

  /** The call's outcome was handed over. */
  synchronized void settled(Call<?> call) {
    Place place = inFlight.get(call);
    if (place != null) {
      place.settled = true;
      freeIfDone(call, place);
    } else if (waiting.remove(call)) {
      waitingBytes -= call.bytes();
    }
    letGo(sender);
  }

  /** The call was sent and acknowledged, or will not be sent again. */
  synchronized void sendEnded(Call<?> call) {
    Place place = inFlight.get(call);
    if (place != null) {
      place.sending = false;
      freeIfDone(call, place);
    }
    letGo(sender);
  }

  private void freeIfDone(Call<?> call, Place place) {
    if (place.settled && !place.sending) {
      inFlight.remove(call);
      inFlightBytes -= call.bytes();
    }
  }

  private void letGo(Consumer<Call<?>> to) {
    Iterator<Call<?>> next = waiting.iterator();
    while (next.hasNext()) {
      Call<?> call = next.next();
      boolean room =
          inFlight.size() < config.inFlight().records()
              && inFlightBytes + call.bytes() <= config.inFlight().bytes();
      if (!room && !inFlight.isEmpty()) {
        return;
      }
      next.remove();
      waitingBytes -= call.bytes();
      inFlight.put(call, new Place(clock.millis()));
      inFlightBytes += call.bytes();
      to.accept(call);
    }
  }

  /** Whether a call in flight lacks its acknowledgement for longer than a healthy broker takes. */
  synchronized boolean unacknowledged() {
    long since = clock.millis() - SLOW_ACK_MS;
    return inFlight.entrySet().stream()
        .anyMatch(each -> !each.getKey().isAcknowledged() && each.getValue().sentAt <= since);
  }

  synchronized Load load() {
    return new Load(inFlight.size(), inFlightBytes, waiting.size(), waitingBytes);
  }
}
