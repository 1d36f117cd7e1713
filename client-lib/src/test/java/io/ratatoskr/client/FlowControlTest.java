package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowControlTest {
  private final MutableClock clock = MutableClock.at(Instant.EPOCH);
  private final List<PendingCall> sent = new ArrayList<>();
  private final FlowControl flow =
      new FlowControl(
          ClientConfig.of("h:1").withInFlight(2, 100).withQueued(3, 250), clock, sent::add);

  private PendingCall call(int bytes) {
    return Calls.of(clock, Duration.ofSeconds(30), bytes);
  }

  private PendingCall submitted(int bytes) {
    PendingCall call = call(bytes);
    assertThat(flow.submit(List.of(call), sent::add)).isTrue();
    return call;
  }

  private void answered(PendingCall call) {
    flow.sendEnded(call);
    flow.settled(call);
  }

  @Test
  void submit_aboveTheRecordLimit_waitsInOrder() {
    PendingCall a = submitted(1);
    PendingCall b = submitted(1);
    PendingCall c = submitted(1);
    PendingCall d = submitted(1);

    assertThat(sent).containsExactly(a, b);
    answered(b);
    assertThat(sent).containsExactly(a, b, c);
    answered(a);
    assertThat(sent).containsExactly(a, b, c, d);
    assertThat(flow.load()).isEqualTo(new FlowControl.Load(2, 2, 0, 0));
  }

  @Test
  void submit_aboveTheByteLimit_waits_andNoSmallerOneOvertakes() {
    PendingCall a = submitted(80);
    PendingCall large = submitted(30);
    PendingCall small = submitted(5);

    assertThat(sent).containsExactly(a);
    answered(a);
    assertThat(sent).containsExactly(a, large, small);
  }

  @Test
  void submit_largerThanTheLimit_goesAlone() {
    PendingCall huge = submitted(500);
    PendingCall next = submitted(1);

    assertThat(sent).containsExactly(huge);
    answered(huge);
    assertThat(sent).containsExactly(huge, next);
  }

  @Test
  void submit_queueFull_takesNoneOfTheBatch() {
    submitted(1);
    submitted(1);
    submitted(1);

    assertThat(flow.submit(List.of(call(1), call(1), call(1)), sent::add)).isFalse();
    assertThat(flow.submit(List.of(call(250)), sent::add)).isFalse();
    assertThat(flow.load()).isEqualTo(new FlowControl.Load(2, 2, 1, 1));
    assertThat(flow.submit(List.of(call(1), call(1)), sent::add)).isTrue();
  }

  @Test
  void settled_whileWaiting_leavesTheQueueUnsent() {
    PendingCall a = submitted(1);
    submitted(1);
    PendingCall expired = submitted(1);
    PendingCall last = submitted(1);

    flow.settled(expired);
    answered(a);

    assertThat(sent).doesNotContain(expired).endsWith(last);
    assertThat(flow.load().waiting()).isZero();
  }

  @Test
  void settled_sendStillUnderWay_keepsTheRoom() {
    PendingCall a = submitted(1);
    submitted(1);
    PendingCall waiting = submitted(1);

    flow.settled(a);
    assertThat(sent).doesNotContain(waiting);
    flow.sendEnded(a);
    assertThat(sent).contains(waiting);
  }

  @Test
  void unacknowledged_onlyAfterAHealthyBrokersTime() {
    PendingCall a = submitted(1);

    clock.advance(Duration.ofMillis(999));
    assertThat(flow.unacknowledged()).isFalse();
    clock.advance(Duration.ofMillis(1));
    assertThat(flow.unacknowledged()).isTrue();
    a.acknowledged = true;
    assertThat(flow.unacknowledged()).isFalse();
  }
}
