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
  private final List<Call<?>> sent = new ArrayList<>();
  private final FlowControl flow =
      new FlowControl(
          ClientConfig.of("h:1").withInFlight(2, 100).withQueued(3, 250), clock, sent::add);

  private Call<?> call(int bytes) {
    return Calls.of(clock, Duration.ofSeconds(30), bytes);
  }

  private Call<?> submitted(int bytes) {
    Call<?> call = call(bytes);
    assertThat(flow.submit(List.of(call), sent::add)).isTrue();
    return call;
  }

  private void answered(Call<?> call) {
    flow.sendEnded(call);
    flow.settled(call);
  }

  @Test
  void submit_aboveTheRecordLimit_waitsInOrder() {
    Call<?> a = submitted(1);
    Call<?> b = submitted(1);
    Call<?> c = submitted(1);
    Call<?> d = submitted(1);

    assertThat(sent).containsExactly(a, b);
    answered(b);
    assertThat(sent).containsExactly(a, b, c);
    answered(a);
    assertThat(sent).containsExactly(a, b, c, d);
    assertThat(flow.load()).isEqualTo(new FlowControl.Load(2, 2, 0, 0));
  }

  @Test
  void submit_aboveTheByteLimit_waits_andNoSmallerOneOvertakes() {
    Call<?> a = submitted(80);
    Call<?> large = submitted(30);
    Call<?> small = submitted(5);

    assertThat(sent).containsExactly(a);
    answered(a);
    assertThat(sent).containsExactly(a, large, small);
  }

  @Test
  void submit_largerThanTheLimit_goesAlone() {
    Call<?> huge = submitted(500);
    Call<?> next = submitted(1);

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
    Call<?> a = submitted(1);
    submitted(1);
    Call<?> expired = submitted(1);
    Call<?> last = submitted(1);

    flow.settled(expired);
    answered(a);

    assertThat(sent).doesNotContain(expired).endsWith(last);
    assertThat(flow.load().waiting()).isZero();
  }

  @Test
  void settled_sendStillUnderWay_keepsTheRoom() {
    Call<?> a = submitted(1);
    submitted(1);
    Call<?> waiting = submitted(1);

    flow.settled(a);
    assertThat(sent).doesNotContain(waiting);
    flow.sendEnded(a);
    assertThat(sent).contains(waiting);
  }

  @Test
  void unacknowledged_onlyAfterAHealthyBrokersTime() {
    Call<?> a = submitted(1);

    clock.advance(Duration.ofMillis(999));
    assertThat(flow.unacknowledged()).isFalse();
    clock.advance(Duration.ofMillis(1));
    assertThat(flow.unacknowledged()).isTrue();
    a.acknowledge();
    assertThat(flow.unacknowledged()).isFalse();
  }
}
