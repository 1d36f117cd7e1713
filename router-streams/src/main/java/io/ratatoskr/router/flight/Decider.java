package io.ratatoskr.router.flight;

import io.ratatoskr.policy.PoolCandidate;
import io.ratatoskr.router.flight.Event.AlarmFired;
import io.ratatoskr.router.flight.Event.CancelArrived;
import io.ratatoskr.router.flight.Event.Outcome;
import io.ratatoskr.router.flight.Event.RequestArrived;
import io.ratatoskr.router.flight.Event.ResultArrived;
import io.ratatoskr.router.flight.Flight.Backoff;
import io.ratatoskr.router.flight.Flight.Cause;
import io.ratatoskr.router.flight.Flight.Open;
import io.ratatoskr.router.flight.Flight.Parked;
import io.ratatoskr.router.flight.Flight.Queued;
import io.ratatoskr.router.flight.Flight.RecordCause;
import io.ratatoskr.router.flight.Flight.Running;
import io.ratatoskr.router.flight.Flight.Settled;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an event means for a flight. It reads no clock, no store and no network: equal
 * arguments give equal decisions, which {@code Desk} then carries out.
 *
 * <h2>The one replay rule</h2>
 *
 * Under at-least-once, three things are written independently of each other: the changelog of the
 * store, the outputs, and the offsets read. A process that dies between any two of them finds, when
 * it returns, records that it has applied already, whose outputs may or may not have been sent. So
 * a flight holds the highest offset applied of each topic, and its <i>cause</i>: the event that
 * made its present state.
 *
 * <ul>
 *   <li>An event at or below the applied offset is a replay. It decides nothing. What the store
 *       holds is written to it again: a store on disk may have outlived a crash with entries that
 *       never reached the changelog, and another router would find nothing there.
 *   <li>Except for the replay of the cause: the outputs of the present state are emitted again. The
 *       outputs of earlier states need no second emission, since something has come of them.
 *   <li>An event above it is news, also if it looks familiar: a request sent again joins, a second
 *       result of an attempt is dropped.
 * </ul>
 *
 * A request that changed no state (refused, or answered from the cache) leaves no trace here. When
 * it is replayed below the applied offset no waiter has its id, and it is decided afresh, as if it
 * had come only now.
 *
 * <p>A settled flight keeps its waiters for a grace period, so that the replay of its result finds
 * them. A request that comes meanwhile opens the next <i>generation</i>; the settled one is retired
 * under its number and follows the same rule there.
 *
 * <h2>Alarms</h2>
 *
 * No offset is replayed for an alarm. One that acts notes the task's <i>incarnation</i> in its
 * cause and looks again ten seconds later, its <i>echo</i>. In the same incarnation many commits,
 * each of which flushes all outputs, lie between: the echo only clears. In a later one it emits the
 * state's outputs again. Waiters that expire, one by one while others go on to wait, carry
 * incarnation and echo themselves.
 *
 * <h2>Cancellations</h2>
 *
 * A cancelled waiter is told and kept as one that expires; its cancellation is a record, applied
 * and replayed as a request is. The last one to leave settles the flight. A cancellation that finds
 * no waiter is remembered: its request may still come, on another topic.
 *
 * <h2>Which results count</h2>
 *
 * An answer counts if it belongs to the open generation, whatever the attempt: it is in hand, and
 * that beats a passed deadline or a later attempt. It is credited to the candidate that gave it.
 * Everything else speaks only of its own attempt and counts only if that is the present one. A
 * failure counts only from the execution that started last. What then still works on a settled
 * flight is aborted, and so is what starts on it.
 */
public final class Decider {
  private final Steps steps;
  private final AlarmDecider alarms;
  private final CancelDecider cancels;

  /** Decides by those rules. */
  public Decider(Rules rules) {
    this.steps = new Steps(rules);
    this.alarms = new AlarmDecider(steps);
    this.cancels = new CancelDecider(steps);
  }

  /**
   * What to do about an event.
   *
   * @param flight the flight of its fingerprint and generation; null if there is none
   * @param now the time of the task, in epoch milliseconds
   * @return the decisions, in the order in which they are to be carried out
   */
  public List<Decision> decide(@Nullable Flight flight, Event event, long now) {
    return switch (event) {
      case RequestArrived request -> onRequest(flight, request, now);
      case ResultArrived result -> flight == null ? stale() : onResult(flight, result, now);
      case CancelArrived cancel -> cancels.decide(flight, cancel, now);
      case AlarmFired alarm -> flight == null ? List.of() : alarms.decide(flight, alarm, now);
    };
  }

  private List<Decision> onRequest(@Nullable Flight flight, RequestArrived request, long now) {
    Waiter waiter = request.waiter();
    if (flight != null
        && request.replayed()
        && flight.hasApplied(waiter.topic(), waiter.offset())) {
      boolean emits =
          flight.isCausedBy(waiter.topic(), waiter.offset())
              && flight.state() instanceof Open open
              && open.phase() instanceof Queued;
      return Steps.replayed(
          flight, waiter.id(), emits ? List.of(new Decision.Dispatch(flight)) : List.of());
    }
    List<Decision> decisions = onNewRequest(flight, request, now);
    return flight != null && flight.hasApplied(waiter.topic(), waiter.offset())
        ? armedAgain(flight, decisions)
        : decisions;
  }

  /**
   * A flight has applied a request whose waiter is lost: a crash has torn apart what was written
   * together, and the alarm may be missing too.
   */
  private static List<Decision> armedAgain(Flight flight, List<Decision> decisions) {
    Flight present =
        decisions.stream()
            .filter(Decision.Store.class::isInstance)
            .map(decision -> ((Decision.Store) decision).flight())
            .findFirst()
            .orElse(flight);
    List<Decision> all = new ArrayList<>(decisions);
    all.add(new Decision.WriteAgain(present, null));
    return all;
  }

  private List<Decision> onNewRequest(@Nullable Flight flight, RequestArrived request, long now) {
    if (request.sameId() != null && request.sameId().isCancelled()) {
      return List.of(new Decision.FailOne(Waiter.CANCELLED)); // sent again
    }
    if (request.cached() != null) {
      return List.of(new Decision.AnswerOne(request.cached()));
    }
    if (request.refusal() != null) {
      return List.of(new Decision.FailOne(request.refusal()));
    }
    if (flight == null) {
      return open(request, 1, Map.of(), now);
    }
    if (!flight.isOpen()) {
      List<Decision> decisions = new ArrayList<>();
      decisions.add(new Decision.Retire(flight));
      decisions.addAll(open(request, flight.generation() + 1, flight.applied(), now));
      return decisions;
    }
    return join(flight, request);
  }

  private List<Decision> open(
      RequestArrived request, int generation, Map<String, Long> applied, long now) {
    Waiter waiter = request.waiter();
    PoolCandidate first = request.facts().chain().getFirst();
    boolean held = request.holdUntilMs() > now;
    Flight flight =
        new Flight(
                generation,
                held
                    ? Open.held(new Backoff(request.holdUntilMs()), now)
                    : Open.first(steps.queued(first, now), now),
                request.facts(),
                waiter.deadlineMs(),
                1,
                0,
                waiter.deadlineMs(),
                applied,
                new RecordCause(waiter.topic(), waiter.offset()),
                Flight.NEVER)
            .afterRecord(waiter.topic(), waiter.offset());
    Flight armed = steps.lookedAfter(steps.armed(flight), now);
    List<Decision> decisions = new ArrayList<>();
    decisions.add(new Decision.Wait(generation, waiter));
    decisions.add(new Decision.Store(armed));
    if (!held) {
      decisions.add(new Decision.Dispatch(armed));
    }
    return decisions;
  }

  private List<Decision> join(Flight flight, RequestArrived request) {
    Waiter waiter = request.waiter();
    Waiter sameId = request.sameId();
    // The same offset: it was written before, but the flight that counts it was not.
    boolean counted = sameId != null && !sameId.isTold() && sameId.offset() != waiter.offset();
    if (!counted && flight.waiters() >= steps.rules().mostWaiters()) {
      return List.of(
          new Decision.FailOne(
              InferenceError.overloaded(
                  flight.waiters() + " requests wait for this very answer already")));
    }
    boolean wasTold = sameId != null && sameId.isTold();
    boolean opener = sameId != null && !sameId.joined();
    Flight joined =
        flight
            .withWaiters(
                flight.waiters() + (counted ? 0 : 1),
                Math.max(0, flight.told() - (wasTold ? 1 : 0)), // a crash may have lost its count
                Math.min(flight.nextWaiterMs(), waiter.deadlineMs()),
                Math.max(flight.deadlineMs(), waiter.deadlineMs()))
            .afterRecord(waiter.topic(), waiter.offset());
    return List.of(
        new Decision.Wait(flight.generation(), opener ? waiter : waiter.joins()),
        new Decision.Store(steps.armed(joined)),
        new Decision.Count(Decision.Counted.JOIN));
  }

  private List<Decision> onResult(Flight flight, ResultArrived result, long now) {
    if (flight.hasApplied(result.topic(), result.offset())) {
      return replayOf(flight, result);
    }
    if (result.generation() != flight.generation()
        || !result.source().equals(flight.facts().source())
        || !flight.hasLink(result.link())) {
      return stale();
    }
    if (!(flight.state() instanceof Open open)) {
      return result.outcome() instanceof Outcome.Started
          ? List.of(
              new Decision.Count(Decision.Counted.STALE_RESULT),
              new Decision.Abort(flight.generation(), result.attempt()))
          : stale();
    }
    Flight applied = flight.afterRecord(result.topic(), result.offset());
    Cause cause = new RecordCause(result.topic(), result.offset());
    boolean present = result.attempt() == open.attempt();
    boolean superseded =
        open.phase() instanceof Running running && !running.execution().equals(result.execution());
    return switch (result.outcome()) {
      case Outcome.Answered answered ->
          withoutOthers(
              answer(applied, open.at(result.link()), answered.answer(), cause, now), open, result);
      case Outcome.Rejected rejected when present ->
          withoutOthers(
              rejected(
                  applied,
                  ended(flight, open, result, rejected.error(), now),
                  rejected.error(),
                  cause,
                  now),
              open,
              result);
      case Outcome.Retryable retryable when present && !superseded ->
          steps.failed(
              applied,
              ended(flight, open, result, retryable.error(), now),
              retryable.error(),
              cause,
              now);
      case Outcome.Loading loading when present && !superseded ->
          steps.store(applied.inState(open.in(new Parked(now + Steps.PARK_MS)), cause));
      case Outcome.Started started
          when present && (open.phase() instanceof Queued || open.phase() instanceof Running) ->
          steps.store(applied.inState(open.in(steps.running(flight, result, now)), cause));
      case Outcome.Rejected rejected -> stale();
      case Outcome.Retryable retryable -> stale();
      case Outcome.Loading loading -> stale();
      case Outcome.Started started -> stale();
    };
  }

  private static Open ended(
      Flight flight, Open open, ResultArrived result, InferenceError error, long now) {
    return open.ended(flight.candidate(), result.worker(), error, now);
  }

  /** The decisions on a result, and an end to other work on a flight that it has settled. */
  private static List<Decision> withoutOthers(
      List<Decision> decisions, Open open, ResultArrived result) {
    boolean settles =
        decisions.getFirst() instanceof Decision.Store store && !store.flight().isOpen();
    boolean othersWork =
        switch (open.phase()) {
          case Running running -> !running.execution().equals(result.execution());
          case Queued queued -> result.attempt() != open.attempt();
          case Backoff pause -> false;
          case Parked parked -> false;
        };
    if (!settles || !othersWork) {
      return decisions;
    }
    List<Decision> all = new ArrayList<>(decisions);
    all.add(new Decision.Abort(result.generation(), open.attempt()));
    return all;
  }

  private static List<Decision> replayOf(Flight flight, ResultArrived result) {
    return Steps.replayed(
        flight,
        null,
        flight.isCausedBy(result.topic(), result.offset()) ? outputs(flight, result) : List.of());
  }

  /** The outputs of the present state, as far as the result that made it is at hand. */
  private static List<Decision> outputs(Flight flight, ResultArrived result) {
    List<Decision> outputs = new ArrayList<>();
    switch (flight.state()) {
      case Open open -> {
        if (open.phase() instanceof Queued) {
          outputs.add(new Decision.Dispatch(flight));
        }
      }
      case Settled settled -> {
        if (settled.error() != null) {
          outputs.addAll(Steps.told(flight, settled.error()));
        } else if (result.outcome() instanceof Outcome.Answered answered) {
          outputs.add(new Decision.AnswerAll(flight, answered.answer()));
        }
        if (result.attempt() != settled.attempt()) {
          outputs.add(new Decision.Abort(flight.generation(), settled.attempt()));
        }
      }
    }
    return outputs;
  }

  private List<Decision> answer(Flight flight, Open open, WorkerAnswer answer, Cause by, long now) {
    Flight settled = steps.settled(flight, open, null, by, now);
    List<Decision> decisions = new ArrayList<>();
    decisions.add(new Decision.Store(settled));
    decisions.add(new Decision.AnswerAll(settled, answer));
    boolean fallback =
        !settled.candidate().model().equals(flight.facts().chain().getFirst().model());
    if (flight.facts().cacheable() && !fallback && !answer.provenance().getLlm()) {
      decisions.add(new Decision.Cache(settled, answer));
    }
    return decisions;
  }

  private List<Decision> rejected(
      Flight flight, Open open, InferenceError error, Cause by, long now) {
    if (error.code() == ErrorCode.EXPIRED && flight.deadlineMs() > now) {
      // The work was as old as the request that caused it; later ones are still waiting.
      Backoff pause = new Backoff(now + steps.rules().backoffMs());
      return steps.store(flight.inState(open.uncounted(pause), by));
    }
    if (error.code().anotherCandidateMay() && open.link() + 1 < flight.facts().chain().size()) {
      return steps.dispatch(flight, open, open.link() + 1, 1, open.crashes(), by, now);
    }
    return steps.fail(flight, open, error, by, now);
  }

  private static List<Decision> stale() {
    return List.of(new Decision.Count(Decision.Counted.STALE_RESULT));
  }
}
