package io.ratatoskr.router.flight;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.policy.PoolCandidate;
import io.ratatoskr.router.flight.Event.AlarmFired;
import io.ratatoskr.router.flight.Event.Outcome;
import io.ratatoskr.router.flight.Event.RequestArrived;
import io.ratatoskr.router.flight.Event.ResultArrived;
import io.ratatoskr.router.flight.Flight.Backoff;
import io.ratatoskr.router.flight.Flight.Facts;
import io.ratatoskr.router.flight.Flight.Open;
import io.ratatoskr.router.flight.Flight.Parked;
import io.ratatoskr.router.flight.Flight.Queued;
import io.ratatoskr.router.flight.Flight.RecordCause;
import io.ratatoskr.router.flight.Flight.Running;
import io.ratatoskr.router.flight.Flight.Settled;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.wire.Provenance;
import io.ratatoskr.schemas.wire.Timings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each event means in each phase, with a chain of three candidates. */
class DeciderTest {
  private static final long NOW = 1_000_000;
  private static final Rules RULES = new Rules(500, 30_000, 5_000, 600_000, 100);
  private static final Source SOURCE = new Source("requests", 0, 10);
  private static final Facts FACTS =
      new Facts(
          Capability.EMBED,
          Domain.DEFAULT,
          "",
          SOURCE,
          List.of(
              new PoolCandidate("first", "large", 2, 30_000, 60_000, "asked for", null, null),
              new PoolCandidate("second", "large", 1, 1, 1, "asked for", null, null),
              new PoolCandidate("third", "small", 1, 1, 1, "asked for", null, null)),
          true,
          null,
          null);
  private static final InferenceError ERROR = InferenceError.http("reset");

  private final Decider decider = new Decider(RULES);

  private static Flight open(int link, int linkAttempts, Flight.Phase phase) {
    return new Flight(
        1,
        new Open(link, 5, linkAttempts, 0, NOW - 1, phase, List.of()),
        FACTS,
        NOW + 100_000,
        1,
        0,
        NOW + 100_000,
        Map.of("requests", 10L),
        new RecordCause("requests", 10),
        NOW + 50_000);
  }

  private static ResultArrived result(int attempt, int link, Outcome outcome) {
    return new ResultArrived("results", 7, 1, attempt, link, SOURCE, "w", "x", outcome);
  }

  private static WorkerAnswer answerOf(String model) {
    return new WorkerAnswer(
        ByteBuffer.allocate(1),
        Provenance.newBuilder().setModel(model).build(),
        new Timings(0L, 0L));
  }

  private static Outcome rateLimited(Duration retryAfter) {
    return new Outcome.Retryable(
        new InferenceError(ErrorCode.RATE_LIMITED, "slow down", Map.of(), retryAfter));
  }

  static Stream<Arguments> results() {
    Flight queued = open(0, 1, new Queued(NOW + 1));
    Flight running = open(0, 1, new Running(NOW + 1, "w", "x", NOW - 5));
    Flight otherRuns = open(0, 1, new Running(NOW + 1, "w", "y", NOW - 5));
    Flight parked = open(0, 1, new Parked(NOW + 1));
    Flight pausing = open(0, 1, new Backoff(NOW + 1));
    Flight lastAttempt = open(0, 2, new Queued(NOW + 1));
    Flight secondLink = open(1, 1, new Queued(NOW + 1));
    Flight lastHope = open(2, 0, new Queued(NOW + 1));
    Outcome longPause = rateLimited(Duration.ofSeconds(90));
    Outcome endless = rateLimited(Duration.ofSeconds(101));
    Flight lastLink = open(2, 1, new Queued(NOW + 1));
    Outcome started = new Outcome.Started();
    Outcome retryable = new Outcome.Retryable(ERROR);
    Outcome rejected = new Outcome.Rejected(InferenceError.invalidInput("bad"));
    Outcome unavailable =
        new Outcome.Rejected(InferenceError.modelNotAvailable("large", "no room"));
    Outcome tooLong = new Outcome.Rejected(InferenceError.contextLengthExceeded(8, "too long"));
    Outcome noKey = new Outcome.Rejected(InferenceError.authenticationFailed("401"));
    Outcome answered = new Outcome.Answered(answerOf("large"));
    WorkerAnswer plain = answerOf("large");
    Outcome judged =
        new Outcome.Answered(
            new WorkerAnswer(
                plain.payload(),
                Provenance.newBuilder(plain.provenance()).setLlm(true).build(),
                plain.timings()));
    Outcome loading = new Outcome.Loading();
    return Stream.of(
        Arguments.of("starts", queued, 5, started, "running"),
        Arguments.of("starts elsewhere", otherRuns, 5, started, "running"),
        Arguments.of("old start", queued, 4, started, "nothing"),
        Arguments.of("start while parked", parked, 5, started, "nothing"),
        Arguments.of("fails", queued, 5, retryable, "pausing"),
        Arguments.of("fails while running", running, 5, retryable, "pausing"),
        Arguments.of("superseded run fails", otherRuns, 5, retryable, "nothing"),
        Arguments.of("old attempt fails", queued, 4, retryable, "nothing"),
        Arguments.of("fails for the last time", lastAttempt, 5, retryable, "second"),
        Arguments.of("fails at the last candidate", lastLink, 5, retryable, "failed"),
        Arguments.of("fails and is long unavailable", queued, 5, longPause, "second"),
        Arguments.of("fails long at the last candidate", lastHope, 5, longPause, "pausing"),
        Arguments.of("fails for longer than anyone waits", lastHope, 5, endless, "failed"),
        Arguments.of("is refused", queued, 5, rejected, "failed"),
        Arguments.of("is refused by another run", otherRuns, 5, rejected, "failed"),
        Arguments.of("old attempt is refused", queued, 4, rejected, "nothing"),
        Arguments.of("cannot be done there", queued, 5, unavailable, "second"),
        Arguments.of("is too long for it", queued, 5, tooLong, "second"),
        Arguments.of("its credentials are refused", queued, 5, noKey, "failed"),
        Arguments.of("cannot be done anywhere", lastLink, 5, unavailable, "failed"),
        Arguments.of("loads", queued, 5, loading, "parked"),
        Arguments.of("old attempt loads", queued, 4, loading, "nothing"),
        Arguments.of("is answered", queued, 5, answered, "answered, stored"),
        Arguments.of("is answered while running", otherRuns, 5, answered, "answered, stored"),
        Arguments.of("is answered while pausing", pausing, 5, answered, "answered, stored"),
        Arguments.of("is answered while parked", parked, 5, answered, "answered, stored"),
        Arguments.of("old attempt answers", queued, 1, answered, "answered, stored"),
        Arguments.of("fallback with that model", secondLink, 5, answered, "answered, stored"),
        Arguments.of("fallback with another model", lastLink, 5, answered, "answered"),
        Arguments.of("a language model's judgement", queued, 5, judged, "answered"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("results")
  void result(String name, Flight flight, int attempt, Outcome outcome, String expected) {
    List<Decision> decisions =
        decider.decide(flight, result(attempt, flight.state().link(), outcome), NOW);
    assertThat(inWords(decisions)).as(name).isEqualTo(expected);
  }

  /** What the decisions come to, in a word or two. */
  private static String inWords(List<Decision> decisions) {
    return switch (decisions.getFirst()) {
      case Decision.Count count -> "nothing";
      case Decision.Store store ->
          switch (store.flight().state()) {
            case Settled settled when settled.error() != null -> {
              assertThat(decisions.get(1)).isInstanceOf(Decision.FailAll.class);
              yield "failed";
            }
            case Settled settled -> {
              assertThat(decisions.get(1)).isInstanceOf(Decision.AnswerAll.class);
              yield decisions.stream().anyMatch(Decision.Cache.class::isInstance)
                  ? "answered, stored"
                  : "answered";
            }
            case Open open ->
                switch (open.phase()) {
                  case Running running -> "running";
                  case Backoff backoff -> "pausing";
                  case Parked parked -> "parked";
                  case Queued queued -> {
                    assertThat(decisions.get(1)).isInstanceOf(Decision.Dispatch.class);
                    assertThat(open.attempt()).isEqualTo(6);
                    yield store.flight().candidate().pool();
                  }
                };
          };
      default -> throw new AssertionError("unexpected " + decisions);
    };
  }

  @Test
  void eventAtOrBelowTheAppliedOffsetDecidesNothing() {
    Flight flight = open(0, 1, new Queued(NOW + 1)).afterRecord("results", 7);
    Outcome answered = new Outcome.Answered(answerOf("large"));
    assertThat(decider.decide(flight, result(5, 0, answered), NOW))
        .containsExactly(
            new Decision.Count(Decision.Counted.REPLAY), new Decision.WriteAgain(flight, null));
  }

  /** An answer in hand beats a later attempt, and is its own candidate's. */
  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of("late, of the first", open(2, 1, new Queued(NOW + 1)), 1, 0, "first", 4),
        Arguments.of("late, of the second", open(2, 1, new Queued(NOW + 1)), 4, 1, "second", 4),
        Arguments.of("of the present one", open(2, 1, new Queued(NOW + 1)), 5, 2, "third", 2),
        Arguments.of("late, in a pause", open(1, 1, new Backoff(NOW + 1)), 1, 0, "first", 3));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void answer(String name, Flight flight, int attempt, int link, String pool, int decisions) {
    List<Decision> decided =
        decider.decide(flight, result(attempt, link, new Outcome.Answered(answerOf("any"))), NOW);

    Flight settled = ((Decision.Store) decided.getFirst()).flight();
    assertThat(settled.candidate().pool()).as(name).isEqualTo(pool);
    assertThat(settled.state().attempt()).isEqualTo(5);
    assertThat(((Decision.AnswerAll) decided.get(1)).flight()).isEqualTo(settled);
    assertThat(decided).hasSize(decisions);
  }

  /** Who still works on a flight that a result settles, and has to be told. */
  static Stream<Arguments> othersAtWork() {
    Outcome answered = new Outcome.Answered(answerOf("large"));
    Outcome refused = new Outcome.Rejected(InferenceError.invalidInput("bad"));
    Flight runs = open(0, 1, new Running(NOW + 1, "w", "x", NOW - 5));
    Flight otherRuns = open(0, 1, new Running(NOW + 1, "w", "y", NOW - 5));
    Flight queued = open(0, 1, new Queued(NOW + 1));
    Flight pausing = open(0, 1, new Backoff(NOW + 1));
    return Stream.of(
        Arguments.of("the one that answers", runs, 5, answered, false),
        Arguments.of("another run of the attempt", otherRuns, 5, answered, true),
        Arguments.of("another run of a refused attempt", otherRuns, 5, refused, true),
        Arguments.of("one that did not say that it started", queued, 5, answered, false),
        Arguments.of("a later attempt", queued, 4, answered, true),
        Arguments.of("nobody, in a pause", pausing, 4, answered, false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("othersAtWork")
  void settledFlight_endsOtherWork(
      String name, Flight flight, int attempt, Outcome outcome, boolean aborts) {
    List<Decision> decisions = decider.decide(flight, result(attempt, 0, outcome), NOW);

    assertThat(decisions.contains(new Decision.Abort(1, 5))).as(name).isEqualTo(aborts);
  }

  @Test
  void workThatStartsOnASettledFlight_isAborted() {
    Flight settled =
        open(0, 1, new Queued(NOW))
            .inState(new Settled(NOW, 0, 5, null, List.of()), new RecordCause("results", 3));

    assertThat(decider.decide(settled, result(4, 0, new Outcome.Started()), NOW))
        .containsExactly(
            new Decision.Count(Decision.Counted.STALE_RESULT), new Decision.Abort(1, 4));
  }

  @Test
  void resultOfALinkThatTheChainLacks_isNotOurs() {
    for (int link : new int[] {-1, 3}) {
      assertThat(
              inWords(
                  decider.decide(
                      open(0, 1, new Queued(NOW + 1)),
                      result(5, link, new Outcome.Answered(answerOf("any"))),
                      NOW)))
          .isEqualTo("nothing");
    }
  }

  @Test
  void resultOfAnotherRequestWithTheSameNumbersIsNotOurs() {
    ResultArrived other =
        new ResultArrived(
            "results",
            7,
            1,
            5,
            0,
            new Source("requests", 0, 9),
            "w",
            "x",
            new Outcome.Answered(answerOf("large")));
    assertThat(inWords(decider.decide(open(0, 1, new Queued(NOW + 1)), other, NOW)))
        .isEqualTo("nothing");
  }

  @Test
  void pausesDoubleUpToTheLongest_andDifferFromFlightToFlight() {
    for (int attempts = 1; attempts <= 12; attempts++) {
      long full = Math.min(500L << (attempts - 1), 30_000);
      LongSummaryStatistics pauses = new LongSummaryStatistics();
      for (long offset = 0; offset < 100; offset++) {
        pauses.accept(pause(new Source("requests", 0, offset), attempts));
      }
      assertThat(pauses.getMin()).isBetween(1L, full / 10);
      assertThat(pauses.getMax()).isBetween(full * 9 / 10, full);
    }
  }

  private long pause(Source source, int attempts) {
    Facts patient =
        new Facts(
            Capability.EMBED,
            Domain.DEFAULT,
            "",
            source,
            List.of(
                new PoolCandidate("first", "large", 100, 30_000, 60_000, "asked for", null, null)),
            false,
            null,
            null);
    Flight flight = open(0, attempts, new Queued(NOW + 1));
    Flight of =
        new Flight(
            1,
            flight.state(),
            patient,
            NOW + Duration.ofDays(1).toMillis(),
            1,
            0,
            Flight.NEVER,
            Map.of(),
            flight.cause(),
            Flight.NEVER);
    ResultArrived fails =
        new ResultArrived("results", 7, 1, 5, 0, source, "w", "x", new Outcome.Retryable(ERROR));
    Decision.Store store = (Decision.Store) decider.decide(of, fails, NOW).getFirst();
    return ((Open) store.flight().state()).phase().untilMs() - NOW;
  }

  @Test
  void laterJoinerExtendsTheFlightAndAnEarlierDeadlineMovesItsAlarm() {
    Flight flight = open(0, 1, new Queued(NOW + 200_000));
    Flight later = joined(flight, NOW + 300_000);
    assertThat(later.deadlineMs()).isEqualTo(NOW + 300_000);
    assertThat(later.alarmMs()).isEqualTo(flight.alarmMs());
    Flight earlier = joined(flight, NOW + 5);
    assertThat(earlier.deadlineMs()).isEqualTo(flight.deadlineMs());
    assertThat(earlier.alarmMs()).isEqualTo(NOW + 5);
    assertThat(earlier.waiters()).isEqualTo(2);
    assertThat(earlier.cause()).isEqualTo(flight.cause());
  }

  private Flight joined(Flight flight, long deadline) {
    Waiter waiter =
        Waiter.of(new RequestId(new UUID(1, 2)), new Inbox(0, "i"), "requests", 11, deadline);
    List<Decision> decisions =
        decider.decide(flight, new RequestArrived(FACTS, waiter, false, null, null, null, 0), NOW);
    assertThat(decisions.getFirst()).isEqualTo(new Decision.Wait(1, waiter.joins()));
    return ((Decision.Store) decisions.get(1)).flight();
  }

  @Test
  void aHeldRequest_isDispatchedWhenItsFirstCandidateMayBeAsked() {
    Waiter waiter =
        Waiter.of(new RequestId(new UUID(1, 3)), new Inbox(0, "i"), "requests", 12, NOW + 60_000);
    List<Decision> arrived =
        decider.decide(
            null, new RequestArrived(FACTS, waiter, false, null, null, null, NOW + 5_000), NOW);
    assertThat(arrived).hasSize(2).noneMatch(Decision.Dispatch.class::isInstance);
    Flight held = ((Decision.Store) arrived.get(1)).flight();
    assertThat(held.alarmMs()).isEqualTo(NOW + 5_000);
    assertThat(held.state().attempt()).isZero();

    List<Decision> due =
        decider.decide(held, new AlarmFired(NOW + 5_000, 1, 1, false, true, 0, 0), NOW + 5_000);
    assertThat(due).anyMatch(Decision.Dispatch.class::isInstance);
    Open sent = (Open) ((Decision.Store) due.getFirst()).flight().state();
    assertThat(sent.attempt()).isEqualTo(1);
    assertThat(sent.linkAttempts()).isEqualTo(1);
  }
}
