package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.policy.PoolCandidate;
import io.ratatoskr.router.flight.FailedAttempt;
import io.ratatoskr.router.flight.Flight;
import io.ratatoskr.router.flight.Flight.AlarmCause;
import io.ratatoskr.router.flight.Flight.Backoff;
import io.ratatoskr.router.flight.Flight.Cause;
import io.ratatoskr.router.flight.Flight.Facts;
import io.ratatoskr.router.flight.Flight.Open;
import io.ratatoskr.router.flight.Flight.Parked;
import io.ratatoskr.router.flight.Flight.Phase;
import io.ratatoskr.router.flight.Flight.Queued;
import io.ratatoskr.router.flight.Flight.RecordCause;
import io.ratatoskr.router.flight.Flight.Running;
import io.ratatoskr.router.flight.Flight.Settled;
import io.ratatoskr.router.flight.Flight.State;
import io.ratatoskr.router.flight.Source;
import io.ratatoskr.router.flight.Waiter;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.RequestId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FlightCodecTest {
  private static final long NOW = 1_000_000;
  private static final Facts FACTS =
      new Facts(
          Capability.EMBED,
          Domain.DEFAULT,
          "tenant",
          new Source("requests", 0, 10),
          List.of(
              new PoolCandidate("first", "large", 2, 30_000, 60_000, "asked for", null, null),
              new PoolCandidate("second", "small", 1, 1, 1, "asked for", null, null)),
          true,
          new ReplyTo(new RequestId(new UUID(7, 9)), new Inbox(3, "own")),
          new JobEpoch("corpus", 3));
  private static final InferenceError ERROR = InferenceError.http("reset");
  private static final List<FailedAttempt> FAILURES =
      List.of(
          new FailedAttempt(1, "first", "large", "w1", NOW - 9, NOW - 8, ERROR),
          new FailedAttempt(2, "first", "large", null, NOW - 7, NOW - 6, ERROR));

  private static Flight flight(State state, Cause cause) {
    return new Flight(
        3, state, FACTS, NOW + 100, 2, 1, NOW + 50, Map.of("requests", 10L), cause, NOW + 20);
  }

  private static Flight open(int link, Phase phase) {
    return flight(
        new Open(link, 5, 2, 1, NOW - 1, phase, link == 0 ? List.of() : FAILURES),
        new RecordCause("requests", 10));
  }

  @Test
  void flightsSurviveTheirStore() {
    FlightCodec codec = new FlightCodec();
    List<Flight> flights =
        List.of(
            open(0, new Queued(NOW)),
            open(1, new Running(NOW, "w", "x", NOW - 1)),
            open(0, new Backoff(NOW)),
            open(1, new Parked(NOW)),
            flight(new Settled(NOW, 1, 3, ERROR, FAILURES), new AlarmCause(1, 2, 3)),
            flight(new Settled(NOW, 0, 1, null, List.of()), new RecordCause("r", 4)));
    for (Flight flight : flights) {
      byte[] bytes = codec.encode(flight);
      assertThat(codec.decodeFlight(bytes)).isEqualTo(flight);
      assertThat(bytes.length).isLessThan(1024);
    }
  }

  @Test
  void waitersSurviveTheirStore() {
    FlightCodec codec = new FlightCodec();
    RequestId id = new RequestId(new UUID(1, 2));
    Inbox inbox = new Inbox(3, "i");
    for (Waiter waiter :
        List.of(
            Waiter.of(id, inbox, "requests", 10, NOW),
            new Waiter(id, inbox, "requests", 10, NOW, true, 5, NOW - 1, 7))) {
      assertThat(codec.decodeWaiter(id, codec.encode(waiter))).isEqualTo(waiter);
    }
  }
}
