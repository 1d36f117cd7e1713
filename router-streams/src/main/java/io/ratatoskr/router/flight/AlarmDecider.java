package io.ratatoskr.router.flight;

import io.ratatoskr.router.flight.Event.AlarmFired;
import io.ratatoskr.router.flight.Flight.AlarmCause;
import io.ratatoskr.router.flight.Flight.Backoff;
import io.ratatoskr.router.flight.Flight.Cause;
import io.ratatoskr.router.flight.Flight.Open;
import io.ratatoskr.router.flight.Flight.Parked;
import io.ratatoskr.router.flight.Flight.Queued;
import io.ratatoskr.router.flight.Flight.Running;
import io.ratatoskr.router.flight.Flight.Settled;
import io.ratatoskr.schemas.InferenceError;
import java.util.ArrayList;
import java.util.List;

/** Decides what a flight's alarm means: the part of {@link Decider} that time drives. */
final class AlarmDecider {
  private static final int MOST_CRASHES = 2;

  private final Steps steps;

  AlarmDecider(Steps steps) {
    this.steps = steps;
  }

  /** The decisions, in order; they always end the alarm that fired. */
  List<Decision> decide(Flight flight, AlarmFired alarm, long now) {
    Flight disarmed = flight.withAlarm(Flight.NEVER);
    return switch (flight.state()) {
      case Open open -> onOpenAlarm(disarmed, open, alarm, now);
      case Settled settled -> onSettledAlarm(disarmed, settled, alarm, now);
    };
  }

  private List<Decision> onOpenAlarm(Flight flight, Open open, AlarmFired alarm, long now) {
    Cause acts = new AlarmCause(alarm.dueMs(), alarm.incarnation(), now + Steps.ECHO_MS);
    if (flight.waiters() == 0) {
      Cause quiet = new AlarmCause(alarm.dueMs(), alarm.incarnation(), 0);
      InferenceError error = InferenceError.expired("nobody waits any more");
      Decision ends = new Decision.Store(steps.settled(flight, open, error, quiet, now));
      return open.phase() instanceof Running
          ? List.of(ends, new Decision.Abort(flight.generation(), open.attempt()))
          : List.of(ends);
    }
    return switch (open.phase()) {
      case Queued queued when alarm.standIn() != open.link() ->
          handedOver(flight, open, alarm, acts, now);
      case Parked parked when alarm.standIn() != open.link() ->
          handedOver(flight, open, alarm, acts, now);
      case Running running when alarm.workerGone() -> crashed(flight, open, running, acts, now);
      case Running running when now >= steps.hardLimit(flight, running) ->
          aborted(flight, open, overBudget(flight, open, running, acts, now));
      case Running running when now >= running.untilMs() ->
          steps.store(echoed(flight, alarm, now).inPhase(open, steps.lease(flight, running, now)));
      case Queued queued when now >= queued.untilMs() ->
          counted(
              Decision.Counted.VANISHED,
              steps.again(flight, lost(flight, open, "nobody reported on it", now), 0, acts, now));
      case Backoff backoff when now >= backoff.untilMs() && alarm.standIn() != open.link() ->
          handedOver(flight, open, alarm, acts, now);
      case Backoff backoff
          when alarm.askableMs() >= flight.deadlineMs() && !open.failures().isEmpty() ->
          steps.fail(flight, open, open.failures().getLast().error(), acts, now);
      case Backoff backoff when now >= backoff.untilMs() && alarm.askableMs() > now ->
          steps.store(echoed(flight, alarm, now).inPhase(open, new Backoff(alarm.askableMs())));
      case Backoff backoff when now >= backoff.untilMs() ->
          counted(Decision.Counted.RETRY, steps.again(flight, open, 1, acts, now));
      case Parked parked when alarm.modelReady() -> steps.again(flight, open, 0, acts, now);
      case Parked parked when now >= parked.untilMs() ->
          steps.store(echoed(flight, alarm, now).inPhase(open, new Parked(now + Steps.PARK_MS)));
      case Queued queued -> {
        Flight looked = steps.lookedAfter(echoed(flight, alarm, now).flight(), now);
        List<Decision> decisions = new ArrayList<>(steps.store(looked));
        if (echoed(flight, alarm, now).emits()) {
          decisions.add(new Decision.Dispatch(flight));
        }
        yield decisions;
      }
      case Running running -> steps.store(echoed(flight, alarm, now).flight());
      case Backoff backoff -> steps.store(echoed(flight, alarm, now).flight());
      case Parked parked -> steps.store(echoed(flight, alarm, now).flight());
    };
  }

  /** Hands what waits for workers that are gone over to those of a later candidate. */
  private List<Decision> handedOver(
      Flight flight, Open open, AlarmFired alarm, Cause by, long now) {
    String why = "no worker of pool '" + flight.candidate().pool() + "' is alive";
    Open ended = lost(flight, open, why, now);
    return counted(
        Decision.Counted.HANDOVER,
        steps.dispatch(flight, ended, alarm.standIn(), 1, open.crashes(), by, now));
  }

  /** The attempt that nobody will report on any more. */
  private static Open lost(Flight flight, Open open, String why, long now) {
    return open.ended(flight.candidate(), null, InferenceError.llm(true, why), now);
  }

  private List<Decision> crashed(Flight flight, Open open, Running running, Cause by, long now) {
    int crashes = open.crashes() + 1;
    InferenceError error =
        InferenceError.workerCrashed(
            crashes, crashes + " workers were lost while they ran it, last " + running.worker());
    Open ended = open.ended(flight.candidate(), running.worker(), error, now);
    if (crashes >= MOST_CRASHES) {
      return steps.fail(flight, ended, error, by, now);
    }
    return counted(
        Decision.Counted.CRASH,
        steps.dispatch(flight, ended, open.link(), open.linkAttempts(), crashes, by, now));
  }

  private List<Decision> onSettledAlarm(
      Flight flight, Settled settled, AlarmFired alarm, long now) {
    // Grace is running time: what a former incarnation has waited does not count.
    Settled kept = alarm.armedIn() == alarm.incarnation() ? settled : settled.since(now);
    Echoed echoed = echoed(flight.inState(kept, flight.cause()), alarm, now);
    Flight next = echoed.flight();
    boolean pending = next.cause() instanceof AlarmCause cause && cause.echoMs() != 0;
    if (now >= kept.atMs() + steps.rules().graceMs() && next.told() == 0 && !pending) {
      return List.of(new Decision.Forget(next));
    }
    List<Decision> decisions = new ArrayList<>(steps.store(next));
    if (echoed.emits() && kept.error() != null) {
      decisions.addAll(Steps.told(next, kept.error()));
    }
    return decisions;
  }

  private record Echoed(Flight flight, boolean emits) {
    Flight inPhase(Open open, Flight.Phase phase) {
      return flight.inState(open.in(phase), flight.cause());
    }
  }

  /** The flight with its echo taken care of, and whether its outputs are due once more. */
  private static Echoed echoed(Flight flight, AlarmFired alarm, long now) {
    if (!(flight.cause() instanceof AlarmCause cause) || cause.echoMs() == 0) {
      return new Echoed(flight, false);
    }
    if (cause.incarnation() != alarm.incarnation()) {
      Cause renewed = new AlarmCause(cause.dueMs(), alarm.incarnation(), now + Steps.ECHO_MS);
      return new Echoed(flight.withCause(renewed), true);
    }
    return now >= cause.echoMs()
        ? new Echoed(flight.withCause(new AlarmCause(cause.dueMs(), cause.incarnation(), 0)), false)
        : new Echoed(flight, false);
  }

  private List<Decision> overBudget(Flight flight, Open open, Running running, Cause by, long now) {
    InferenceError error =
        InferenceError.llm(
            true, "the worker did not finish within " + flight.candidate().budgetMs() + " ms");
    Open ended = open.ended(flight.candidate(), running.worker(), error, now);
    return steps.failed(flight, ended, error, by, now);
  }

  private static List<Decision> aborted(Flight flight, Open open, List<Decision> decisions) {
    List<Decision> all = new ArrayList<>(decisions);
    all.add(new Decision.Abort(flight.generation(), open.attempt()));
    return all;
  }

  private static List<Decision> counted(Decision.Counted what, List<Decision> decisions) {
    List<Decision> all = new ArrayList<>(decisions);
    all.add(new Decision.Count(what));
    return all;
  }
}
