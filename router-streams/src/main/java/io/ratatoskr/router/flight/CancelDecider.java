package io.ratatoskr.router.flight;

import io.ratatoskr.router.flight.Event.CancelArrived;
import io.ratatoskr.router.flight.Flight.Backoff;
import io.ratatoskr.router.flight.Flight.Cause;
import io.ratatoskr.router.flight.Flight.Open;
import io.ratatoskr.router.flight.Flight.Parked;
import io.ratatoskr.router.flight.Flight.Queued;
import io.ratatoskr.router.flight.Flight.RecordCause;
import io.ratatoskr.router.flight.Flight.Running;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the cancellation of a request means: the part of {@link Decider} that clients drive.
 * The waiter is told, and kept until that is certain to have arrived, as one that expires; the
 * others of its flight wait on. With the last one the flight is settled, and its work is dropped.
 */
final class CancelDecider {
  private final Steps steps;

  CancelDecider(Steps steps) {
    this.steps = steps;
  }

  /** The decisions, in order. */
  List<Decision> decide(@Nullable Flight flight, CancelArrived cancel, long now) {
    Waiter waiter = cancel.waiter();
    if (flight != null && flight.hasApplied(cancel.topic(), cancel.offset())) {
      return replayOf(flight, cancel, now);
    }
    if (flight == null || waiter == null) {
      return List.of(new Decision.Remember(cancel.domain(), cancel.id()));
    }
    // The same offset: it was written before, but the flight that counts it was not.
    boolean told = waiter.isTold() && waiter.cancelledBy() != cancel.offset();
    if (told || !(flight.state() instanceof Open open)) {
      return List.of(); // it has its reply
    }
    Waiter leaves = waiter.cancelled(cancel.offset(), cancel.incarnation(), now);
    List<Decision> decisions = new ArrayList<>();
    decisions.add(new Decision.Wait(flight.generation(), leaves));
    Flight left =
        flight
            .withWaiters(
                cancel.alone() ? 0 : Math.max(1, flight.waiters() - 1),
                flight.told() + 1,
                Math.min(flight.nextWaiterMs(), now + Steps.ECHO_MS),
                flight.deadlineMs())
            .afterRecord(cancel.topic(), cancel.offset());
    Cause cause = new RecordCause(cancel.topic(), cancel.offset());
    Flight next =
        cancel.alone()
            ? steps.settled(left, open, Waiter.CANCELLED, cause, now)
            : steps.armed(left);
    decisions.add(new Decision.Store(next));
    decisions.add(new Decision.Tell(next, leaves, Waiter.CANCELLED));
    if (cancel.alone() && isAtWork(open)) {
      decisions.add(new Decision.Abort(flight.generation(), open.attempt()));
    }
    decisions.add(new Decision.Count(Decision.Counted.CANCELLATION));
    return decisions;
  }

  private static boolean isAtWork(Open open) {
    return switch (open.phase()) {
      case Queued queued -> true;
      case Running running -> true;
      case Backoff pause -> false;
      case Parked parked -> false;
    };
  }

  private static List<Decision> replayOf(Flight flight, CancelArrived cancel, long now) {
    Waiter waiter = cancel.waiter();
    List<Decision> outputs = new ArrayList<>();
    if (waiter != null && waiter.cancelledBy() == cancel.offset()) {
      Waiter told = waiter.cancelled(cancel.offset(), cancel.incarnation(), now);
      outputs.add(new Decision.Wait(flight.generation(), told));
      outputs.add(new Decision.Tell(flight, told, Waiter.CANCELLED));
    }
    if (flight.isCausedBy(cancel.topic(), cancel.offset())) {
      outputs.add(new Decision.Abort(flight.generation(), flight.state().attempt()));
    }
    return Steps.replayed(flight, waiter == null ? null : waiter.id(), outputs);
  }
}
