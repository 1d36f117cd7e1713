package io.ratatoskr.router.flight;

import io.ratatoskr.policy.PoolCandidate;
import io.ratatoskr.router.flight.Event.ResultArrived;
import io.ratatoskr.router.flight.Flight.AlarmCause;
import io.ratatoskr.router.flight.Flight.Backoff;
import io.ratatoskr.router.flight.Flight.Cause;
import io.ratatoskr.router.flight.Flight.Open;
import io.ratatoskr.router.flight.Flight.Queued;
import io.ratatoskr.router.flight.Flight.Running;
import io.ratatoskr.router.flight.Flight.Settled;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.RequestId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A flight's steps from state to state, and when its alarm is due. */
record Steps(Rules rules) {
  /** Time between looks at the worker that runs a flight. */
  static final long LEASE_MS = 2_000;

  /** Time between looks at whether a model is ready. */
  static final long PARK_MS = 500;

  /** Shortest time until what waits in a queue is first looked after. */
  static final long FIRST_LOOK_MS = 5_000;

  /** Longest time until what waits in a queue is first looked after. */
  static final long LATEST_FIRST_LOOK_MS = 60_000;

  /**
   * Time from an alarm's action until its outputs are certain to have been sent; many commits long.
   */
  static final long ECHO_MS = 10_000;

  /** 2^32 divided by the golden ratio: what differs by little is spread over all numbers. */
  private static final int FIBONACCI = 0x9E3779B9;

  private static final int PART_BITS = 10;

  /** The decisions on an event that was applied before. */
  static List<Decision> replayed(
      Flight flight, @Nullable RequestId waiter, List<Decision> outputs) {
    List<Decision> decisions = new ArrayList<>();
    decisions.add(new Decision.Count(Decision.Counted.REPLAY));
    decisions.add(new Decision.WriteAgain(flight, waiter));
    decisions.addAll(outputs);
    return decisions;
  }

  /** What follows an attempt that has ended with an error that another one may not meet. */
  List<Decision> failed(Flight flight, Open open, InferenceError error, Cause by, long now) {
    boolean last = !flight.hasLink(open.link() + 1);
    if (open.linkAttempts() < flight.candidate().maxAttempts()) {
      long pause = pause(flight, open, error);
      if (now + pause < flight.deadlineMs() && (last || pause <= rules.longestBackoffMs())) {
        return store(flight.inState(open.in(new Backoff(now + pause)), by));
      }
    }
    if (!last) {
      return dispatch(flight, open, open.link() + 1, 1, open.crashes(), by, now);
    }
    return fail(flight, open, error, by, now);
  }

  List<Decision> fail(Flight flight, Open open, InferenceError error, Cause by, long now) {
    Flight settled = settled(flight, open, error, by, now);
    List<Decision> decisions = new ArrayList<>();
    decisions.add(new Decision.Store(settled));
    decisions.addAll(told(settled, error));
    return decisions;
  }

  /** What a failed flight comes to: everybody is told, and the operator where it is his to mend. */
  static List<Decision> told(Flight settled, InferenceError error) {
    Decision all = new Decision.FailAll(settled, error);
    return error.isOfService() ? List.of(all, new Decision.LayAside(settled, error)) : List.of(all);
  }

  List<Decision> again(Flight flight, Open open, int cost, Cause by, long now) {
    return dispatch(flight, open, open.link(), open.linkAttempts() + cost, open.crashes(), by, now);
  }

  List<Decision> dispatch(
      Flight flight, Open open, int link, int linkAttempts, int crashes, Cause by, long now) {
    PoolCandidate candidate = flight.facts().chain().get(link);
    Open next = open.next(link, linkAttempts, crashes, queued(candidate, now), now);
    Flight dispatched = lookedAfter(armed(flight.inState(next, by)), now);
    return List.of(new Decision.Store(dispatched), new Decision.Dispatch(dispatched));
  }

  Flight settled(Flight flight, Open open, @Nullable InferenceError error, Cause by, long now) {
    long look = flight.told() > 0 ? now + ECHO_MS : Flight.NEVER;
    return armed(
        flight
            .inState(open.settled(error, now), by)
            .withWaiters(flight.waiters(), flight.told(), look, flight.deadlineMs()));
  }

  Queued queued(PoolCandidate candidate, long now) {
    return new Queued(now + candidate.queueLimitMs() + candidate.budgetMs() + rules.slackMs());
  }

  Running running(Flight flight, ResultArrived result, long now) {
    return lease(flight, new Running(now, result.worker(), result.execution(), now), now);
  }

  Running lease(Flight flight, Running running, long now) {
    return new Running(
        Math.min(now + LEASE_MS, hardLimit(flight, running)),
        running.worker(),
        running.execution(),
        running.startedMs());
  }

  long hardLimit(Flight flight, Running running) {
    return running.startedMs() + flight.candidate().budgetMs() + rules.slackMs();
  }

  /**
   * The pause before the next attempt: what the error asks for; else a part, which depends on the
   * flight and the attempt, of a time that doubles up to its bound ("full jitter", M. Brooker,
   * Exponential Backoff And Jitter, 2015), so that what failed together does not come back
   * together.
   */
  long pause(Flight flight, Open open, InferenceError error) {
    if (error.retryAfter().isPresent()) {
      return error.retryAfter().get().toMillis();
    }
    int doublings = Math.clamp(open.linkAttempts() - 1L, 0, 30);
    long full = Math.min(rules.backoffMs() << doublings, rules.longestBackoffMs());
    int hash = (flight.facts().source().hashCode() * 31 + open.attempt()) * FIBONACCI;
    int part = (hash >>> (Integer.SIZE - PART_BITS)) + 1;
    return Math.max(1, (full * part) >> PART_BITS);
  }

  /** The flight with its alarm no later than needed; one that is early is moved when it fires. */
  Flight armed(Flight flight) {
    long needed =
        switch (flight.state()) {
          case Open open -> Math.min(open.phase().untilMs(), flight.nextWaiterMs());
          case Settled settled -> Math.min(settled.atMs() + rules.graceMs(), flight.nextWaiterMs());
        };
    if (flight.cause() instanceof AlarmCause cause && cause.echoMs() != 0) {
      needed = Math.min(needed, cause.echoMs());
    }
    return flight.alarmMs() <= needed ? flight : flight.withAlarm(needed);
  }

  /**
   * The flight with an alarm before its work counts as vanished, where another candidate could take
   * over from a pool whose workers are gone; ever later, since each look costs a write.
   */
  Flight lookedAfter(Flight flight, long now) {
    if (!(flight.state() instanceof Open open) || !flight.hasLink(open.link() + 1)) {
      return flight;
    }
    long first =
        Math.clamp(flight.candidate().queueLimitMs() / 6, FIRST_LOOK_MS, LATEST_FIRST_LOOK_MS);
    long look = now + Math.max(first, (now - open.dispatchedMs()) / 2);
    return flight.alarmMs() <= look ? flight : flight.withAlarm(look);
  }

  List<Decision> store(Flight flight) {
    return List.of(new Decision.Store(armed(flight)));
  }
}
