package io.ratatoskr.router.flight;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.policy.PoolCandidate;
import io.ratatoskr.router.flight.Event.CancelArrived;
import io.ratatoskr.router.flight.Flight.Backoff;
import io.ratatoskr.router.flight.Flight.Open;
import io.ratatoskr.router.flight.Flight.Parked;
import io.ratatoskr.router.flight.Flight.Queued;
import io.ratatoskr.router.flight.Flight.RecordCause;
import io.ratatoskr.router.flight.Flight.Running;
import io.ratatoskr.router.flight.Flight.Settled;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.RequestId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the cancellation of a request means for its flight. */
class CancelDeciderTest {
  private static final long NOW = 1_000_000;
  private static final long INCARNATION = 900_000;
  private static final RequestId ID = new RequestId(new UUID(1, 2));
  private static final Waiter WAITER =
      Waiter.of(ID, new Inbox(0, "i"), "requests", 10, NOW + 100_000);

  private final Decider decider = new Decider(new Rules(500, 30_000, 5_000, 600_000, 100));

  private static Flight flight(int waiters, Flight.State state) {
    return new Flight(
        2,
        state,
        new Flight.Facts(
            Capability.EMBED,
            Domain.DEFAULT,
            "",
            new Source("requests", 0, 10),
            List.of(
                new PoolCandidate("first", "large", 2, 30_000, 60_000, "asked for", null, null)),
            true,
            null,
            null),
        NOW + 100_000,
        waiters,
        0,
        NOW + 100_000,
        Map.of("requests", 10L),
        new RecordCause("requests", 10),
        NOW + 50_000);
  }

  private static Flight open(int waiters, Flight.Phase phase) {
    return flight(waiters, new Open(0, 3, 1, 0, NOW - 1, phase, List.of()));
  }

  private static Flight settled() {
    return flight(1, new Settled(NOW - 1, 0, 3, null, List.of()));
  }

  private List<Decision> cancelled(
      @Nullable Flight flight, @Nullable Waiter waiter, boolean alone, long offset) {
    return decider.decide(
        flight,
        new CancelArrived("cancellations", offset, Domain.DEFAULT, ID, waiter, alone, INCARNATION),
        NOW);
  }

  static Stream<Arguments> phases() {
    return Stream.of(
        Arguments.of(new Queued(NOW + 1), true),
        Arguments.of(new Running(NOW + 1, "w", "x", NOW - 5), true),
        Arguments.of(new Backoff(NOW + 1), false),
        Arguments.of(new Parked(NOW + 1), false));
  }

  @ParameterizedTest
  @MethodSource("phases")
  void lastWaiter_settlesTheFlight_andEndsItsWork(Flight.Phase phase, boolean atWork) {
    List<Decision> decisions = cancelled(open(1, phase), WAITER, true, 7);

    Waiter told = WAITER.cancelled(7, INCARNATION, NOW);
    assertThat(decisions.get(0)).isEqualTo(new Decision.Wait(2, told));
    Flight after = ((Decision.Store) decisions.get(1)).flight();
    assertThat(after.state()).isEqualTo(new Settled(NOW, 0, 3, Waiter.CANCELLED, List.of()));
    assertThat(after.waiters()).isZero();
    assertThat(after.told()).isEqualTo(1);
    assertThat(after.cause()).isEqualTo(new RecordCause("cancellations", 7));
    assertThat(after.alarmMs()).isEqualTo(NOW + Steps.ECHO_MS);
    assertThat(decisions.get(2)).isEqualTo(new Decision.Tell(after, told, Waiter.CANCELLED));
    assertThat(decisions.contains(new Decision.Abort(2, 3))).isEqualTo(atWork);
    assertThat(decisions).noneMatch(Decision.FailAll.class::isInstance);
  }

  @Test
  void oneOfTwo_leaves_andTheFlightGoesOn() {
    Flight before = open(2, new Running(NOW + 1, "w", "x", NOW - 5));
    List<Decision> decisions = cancelled(before, WAITER, false, 7);

    Flight after = ((Decision.Store) decisions.get(1)).flight();
    assertThat(after.state()).isEqualTo(before.state());
    assertThat(after.cause()).isEqualTo(before.cause());
    assertThat(after.waiters()).isEqualTo(1);
    assertThat(after.told()).isEqualTo(1);
    assertThat(after.hasApplied("cancellations", 7)).isTrue();
    assertThat(decisions).noneMatch(Decision.Abort.class::isInstance);
  }

  /** A join whose waiter was written before a crash, and whose flight was not. */
  @Test
  void oneOfTwo_ofWhomTheFlightCountsOne_leavesTheOtherWaiting() {
    Flight after =
        ((Decision.Store) cancelled(open(1, new Queued(NOW + 1)), WAITER, false, 7).get(1))
            .flight();

    assertThat(after.isOpen()).isTrue();
    assertThat(after.waiters()).isEqualTo(1);
  }

  @Test
  void whatIsNotThere_isRemembered() {
    Decision remembered = new Decision.Remember(Domain.DEFAULT, ID);

    assertThat(cancelled(null, null, false, 7)).containsExactly(remembered);
    assertThat(cancelled(open(1, new Queued(NOW + 1)), null, false, 7)).containsExactly(remembered);
    assertThat(cancelled(settled(), null, false, 7)).containsExactly(remembered);
  }

  @Test
  void whoHasItsReply_isToldNothing() {
    assertThat(cancelled(settled(), WAITER, true, 7)).isEmpty();
    Flight open = open(1, new Queued(NOW + 1));
    assertThat(cancelled(open, WAITER.told(INCARNATION, NOW - 5), false, 7)).isEmpty();
    assertThat(cancelled(open, WAITER.cancelled(6, INCARNATION, NOW - 5), false, 7)).isEmpty();
  }

  /** The crash came between the writes of waiter and flight. */
  @Test
  void waiterThatWasWrittenWithoutItsFlight_isCountedNow() {
    Waiter written = WAITER.cancelled(7, INCARNATION - 1, NOW - 5);
    List<Decision> decisions = cancelled(open(1, new Queued(NOW + 1)), written, true, 7);

    assertThat(((Decision.Store) decisions.get(1)).flight().isOpen()).isFalse();
    assertThat(decisions).contains(new Decision.Abort(2, 3));
  }

  @Test
  void replay_tellsAgain_andAbortsAgainWhereItSettledTheFlight() {
    Flight before = open(1, new Queued(NOW + 1));
    Waiter told = WAITER.cancelled(7, INCARNATION, NOW);
    Flight after = ((Decision.Store) cancelled(before, WAITER, true, 7).get(1)).flight();

    assertThat(cancelled(after, told, true, 7))
        .containsExactly(
            new Decision.Count(Decision.Counted.REPLAY),
            new Decision.WriteAgain(after, ID),
            new Decision.Wait(2, told),
            new Decision.Tell(after, told, Waiter.CANCELLED),
            new Decision.Abort(2, 3));
    Flight goesOn =
        ((Decision.Store) cancelled(open(2, new Queued(NOW + 1)), WAITER, false, 7).get(1))
            .flight();
    assertThat(cancelled(goesOn, told, false, 7))
        .containsExactly(
            new Decision.Count(Decision.Counted.REPLAY),
            new Decision.WriteAgain(goesOn, ID),
            new Decision.Wait(2, told),
            new Decision.Tell(goesOn, told, Waiter.CANCELLED));
    assertThat(cancelled(after, null, false, 7))
        .doesNotHaveAnyElementsOfTypes(Decision.Remember.class, Decision.Store.class);
  }

  @Test
  void requestThatIsSentAgain_isToldTheSame() {
    Waiter told = WAITER.cancelled(7, INCARNATION, NOW);
    Waiter again = Waiter.of(ID, new Inbox(0, "i"), "requests", 12, NOW + 100_000);
    for (Flight flight : List.of(open(1, new Queued(NOW + 1)), settled())) {
      assertThat(
              decider.decide(
                  flight,
                  new Event.RequestArrived(flight.facts(), again, false, told, null, null, 0),
                  NOW))
          .containsExactly(new Decision.FailOne(Waiter.CANCELLED));
    }
  }
}
