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

  private Call<?> added(int seconds) {
    Call<?> call = Calls.of(clock, Duration.ofSeconds(seconds), 10);
    assertThat(pending.add(List.of(call))).isTrue();
    return call;
  }

  @Test
  void find_untilItIsRemoved_givesTheCall() {
    Call<?> call = added(5);

    assertThat(pending.find(call.id())).containsSame(call);
    pending.remove(call);
    assertThat(pending.find(call.id())).isEmpty();
    assertThat(pending.size()).isZero();
  }

  @Test
  void takeExpired_atTheDeadline_givesWhatNoBrokerTook() {
    Call<?> late = added(7);
    Call<?> early = added(5);

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
    Call<?> call = added(5);
    call.acknowledge();

    clock.advance(Duration.ofMillis(6_999));
    assertThat(pending.takeExpired()).isEmpty();
    assertThat(pending.find(call.id())).isPresent();
    clock.advance(Duration.ofMillis(1));
    assertThat(pending.takeExpired()).containsExactly(call);
    assertThat(pending.find(call.id())).isEmpty();
  }

  @Test
  void takeExpired_removedInTheGrace_isNotGivenAgain() {
    Call<?> call = added(5);
    call.acknowledge();
    clock.advance(Duration.ofSeconds(5));
    assertThat(pending.takeExpired()).isEmpty();

    pending.remove(call);
    clock.advance(Duration.ofSeconds(9));
    assertThat(pending.takeExpired()).isEmpty();
  }

  @Test
  void close_givesAllThatIsOpen_andTakesNoMore() {
    Call<?> first = added(5);
    Call<?> second = added(6);

    assertThat(pending.close()).containsExactly(first, second);
    assertThat(pending.add(List.of(Calls.of(clock, Duration.ofSeconds(1), 1)))).isFalse();
    assertThat(pending.size()).isZero();
  }
}
