package io.ratatoskr.router.flight;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.policy.PoolCandidate;
import io.ratatoskr.router.flight.Flight.Facts;
import io.ratatoskr.router.flight.Flight.Open;
import io.ratatoskr.router.flight.Flight.Queued;
import io.ratatoskr.router.flight.Flight.RecordCause;
import io.ratatoskr.router.flight.Flight.Settled;
import io.ratatoskr.router.flight.Sweep.Fate;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.RequestId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of each waiter when its flight is looked through, and when the next look is due. */
class SweepTest {
  private static final long NOW = 1_000_000;
  private static final long INCARNATION = 900_000;
  private static final Facts FACTS =
      new Facts(
          Capability.EMBED,
          Domain.DEFAULT,
          "",
          new Source("requests", 0, 1),
          List.of(new PoolCandidate("embed", "m", 3, 30_000, 60_000, "asked for", null, null)),
          false,
          null,
          null);

  private int ids;

  private Waiter waits(long deadlineMs) {
    RequestId id = new RequestId(new UUID(0, ++ids));
    return Waiter.of(id, new Inbox(0, "a"), "requests", ids, deadlineMs);
  }

  private static Flight flight(Flight.State state) {
    return new Flight(
        1, state, FACTS, NOW + 500, 7, 7, NOW, Map.of(), new RecordCause("requests", 1), NOW);
  }

  private static Flight open() {
    return flight(new Open(0, 1, 1, 0, NOW - 5, new Queued(NOW + 5), List.of()));
  }

  private static Flight settled() {
    return flight(new Settled(NOW - 5, 0, 1, null, List.of()));
  }

  private static Sweep sweep(Flight flight, Waiter... waiters) {
    Sweep sweep = new Sweep(flight, INCARNATION, NOW);
    for (Waiter waiter : waiters) {
      sweep.look(waiter);
    }
    return sweep;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "waits,                                false, 0,      0,       WAIT",
    "leaves,                               true,  0,      0,       TELL",
    "was told just now,                    true,  900000, 1000000, KEEP",
    "was told just now and stays,          false, 900000, 1000000, KEEP",
    "was told almost an echo ago,          true,  900000, 990001,  KEEP",
    "was told an echo ago,                 true,  900000, 990000,  FORGET",
    "was told in a former incarnation,     true,  800000, 999999,  TELL",
    "was told long ago in a former one,    true,  800000, 800001,  TELL",
    "was told in a former one and stays,   false, 800000, 999999,  TELL",
  })
  void fate(String name, boolean leaves, long toldIn, long toldMs, Fate fate) {
    Waiter waiter = toldIn == 0 ? waits(NOW) : waits(NOW).told(toldIn, toldMs);

    assertThat(Sweep.fate(waiter, leaves, INCARNATION, NOW)).isEqualTo(fate);
  }

  @Test
  void openFlight_tellsWhoIsPastItsDeadlineAndLooksAgainAtTheNext() {
    Waiter past = waits(NOW);
    Sweep sweep = sweep(open(), past, waits(NOW + 1_000), waits(NOW + 2_000));

    assertThat(sweep.tell()).containsExactly(past.told(INCARNATION, NOW));
    assertThat(sweep.forget()).isEmpty();
    assertThat(sweep.swept()).isEqualTo(open().withWaiters(2, 1, NOW + 1_000, NOW + 500));
  }

  @Test
  void openFlight_whoWasTold_isKeptForTheEchoAndThenForgotten() {
    Waiter kept = waits(NOW).told(INCARNATION, NOW - 1);
    Waiter over = waits(NOW).told(INCARNATION, NOW - Steps.ECHO_MS);
    Sweep sweep = sweep(open(), kept, over);

    assertThat(sweep.tell()).isEmpty();
    assertThat(sweep.forget()).containsExactly(over);
    assertThat(sweep.swept())
        .isEqualTo(open().withWaiters(0, 1, NOW - 1 + Steps.ECHO_MS, NOW + 500));
  }

  @Test
  void settledFlight_hasItsWaitersAnsweredWhateverTheirDeadline_butTellsAgainWhoWasTold() {
    Waiter told = waits(NOW - 9).told(INCARNATION - 1, NOW - 9);
    Sweep sweep = sweep(settled(), waits(NOW - 1), waits(NOW + 1), told);

    assertThat(sweep.tell()).containsExactly(told.told(INCARNATION, NOW));
    assertThat(sweep.swept())
        .isEqualTo(settled().withWaiters(2, 1, NOW + Steps.ECHO_MS, NOW + 500));
  }

  @Test
  void nobodyLeft_isNotLookedThroughAgain() {
    assertThat(sweep(open()).swept()).isEqualTo(open().withWaiters(0, 0, Flight.NEVER, NOW + 500));
  }

  @Test
  void manyWaiters_withDeadlinesCloseToEachOther_shareALook() {
    Sweep sweep = new Sweep(open(), INCARNATION, NOW);
    for (int i = 0; i < 10_000; i++) {
      sweep.look(waits(NOW + 1));
    }

    assertThat(sweep.swept().nextWaiterMs()).isEqualTo(NOW + 100);
  }
}
