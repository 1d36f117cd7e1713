package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.router.Requests.Request;
import io.ratatoskr.schemas.Cancellation;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.wire.AbortedFlight;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Requests that are cancelled when their client is lost. */
class LeaseTest {
  private static final Request REQUEST = Request.of(1, "x").within(Duration.ofMinutes(5));
  private static final Duration LEASE = Duration.ofSeconds(15);

  private static Cancellation cancelled() {
    return new Cancellation.OfRequest(REQUEST.id());
  }

  @Test
  void leaseThatIsOver_cancelsTheRequest_onceAndForAll() {
    try (Rig rig = new Rig()) {
      rig.lease(REQUEST, LEASE);
      rig.send(REQUEST);
      rig.pass(Duration.ofSeconds(14));
      assertThat(rig.lost(REQUEST)).isEmpty();

      rig.pass(Duration.ofSeconds(3));
      assertThat(rig.lost(REQUEST)).containsExactly(cancelled());
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Cancelled");
      assertThat(rig.aborts()).containsExactly(new AbortedFlight(1, 1));

      rig.pass(Duration.ofMinutes(25));
      assertThat(rig.lost(REQUEST)).isEmpty();
      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
    }
  }

  @Test
  void leaseThatIsRenewed_letsTheRequestGoOn() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      for (int i = 0; i < 10; i++) {
        rig.lease(REQUEST, LEASE);
        rig.pass(Duration.ofSeconds(10));
        assertThat(rig.lost(REQUEST)).isEmpty();
      }
      rig.report(REQUEST, rig.work().getFirst(), Requests.answered("v"));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("v");

      rig.pass(Duration.ofMinutes(25));
      assertThat(rig.lost(REQUEST)).isEmpty();
      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
    }
  }

  @Test
  void routerThatWasAway_waitsForTheClientAnew() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.lease(REQUEST, LEASE);
      rig.pass(Duration.ofSeconds(1));
      rig.crash(Duration.ofMinutes(1), entry -> true);

      rig.pass(Duration.ofSeconds(14));
      assertThat(rig.lost(REQUEST)).isEmpty();
      rig.pass(Duration.ofSeconds(3));
      assertThat(rig.lost(REQUEST)).containsExactly(cancelled());
    }
  }

  @Test
  void leaseWithoutARequest_isForgotten() {
    try (Rig rig = new Rig()) {
      rig.lease(REQUEST, LEASE);
      rig.pass(Duration.ofSeconds(20));

      assertThat(rig.lost(REQUEST)).isEmpty();
      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
    }
  }
}
