package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingRepliesTest {
  private final MutableClock clock = MutableClock.at(Instant.EPOCH);
  private final PendingReplies pending = new PendingReplies(clock, Duration.ofSeconds(2));

  private PendingCall added(int seconds) {
    PendingCall call = Calls.of(clock, Duration.ofSeconds(seconds), 10);
    assertThat(pending.add(List.of(call))).isTrue();
    return call;
  }

  @Test
  void take_once_givesTheCall_thenNothing() {
    PendingCall call = added(5);

    assertThat(pending.take(call.id)).containsSame(call);
    assertThat(pending.take(call.id)).isEmpty();
    assertThat(pending.size()).isZero();
  }

  @Test
  void takeExpired_atTheDeadline_givesWhatNoBrokerTook() {
    PendingCall late = added(7);
    PendingCall early = added(5);

    clock.advance(Duration.ofMillis(4_999));
    assertThat(pending.takeExpired()).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(pending.takeExpired()).containsExactly(early);
    clock.advance(Duration.ofSeconds(2));
    assertThat(pending.takeExpired()).containsExactly(late);
    assertThat(pending.takeExpired()).isEmpty();
  }

  @Test
  void takeExpired_acknowledged_waitsForTheGraceToo() {
    PendingCall call = added(5);
    call.acknowledged = true;

    clock.advance(Duration.ofMillis(6_999));
    assertThat(pending.takeExpired()).isEmpty();
    assertThat(pending.holds(call)).isTrue();
    clock.advance(Duration.ofMillis(1));
    assertThat(pending.takeExpired()).containsExactly(call);
    assertThat(pending.holds(call)).isFalse();
  }

  @Test
  void takeExpired_takenInTheGrace_isNotGivenAgain() {
    PendingCall call = added(5);
    call.acknowledged = true;
    clock.advance(Duration.ofSeconds(5));
    assertThat(pending.takeExpired()).isEmpty();

    assertThat(pending.take(call.id)).containsSame(call);
    clock.advance(Duration.ofSeconds(9));
    assertThat(pending.takeExpired()).isEmpty();
  }

  @Test
  void close_givesAllThatIsOpen_andTakesNoMore() {
    PendingCall first = added(5);
    PendingCall second = added(6);

    assertThat(pending.close()).containsExactly(first, second);
    assertThat(pending.add(List.of(Calls.of(clock, Duration.ofSeconds(1), 1)))).isFalse();
    assertThat(pending.size()).isZero();
  }
}
