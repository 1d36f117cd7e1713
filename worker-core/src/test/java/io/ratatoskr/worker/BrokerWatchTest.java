package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BrokerWatchTest {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final AtomicInteger connections = new AtomicInteger(1);
  private final BrokerWatch watch = new BrokerWatch(PATIENCE, connections::get, now::get);

  @Test
  void brokerThatHasNeverAnswered_isNotWaitedFor() {
    connections.set(0);
    assertThat(watch.silent()).isFalse();
  }

  @Test
  void brokerThatAnsweredWithinPatience_isNotSilent() {
    watch.answered();
    now.addAndGet(PATIENCE.toNanos());
    assertThat(watch.silent()).isFalse();
  }

  @Test
  void brokerThatHasNotAnsweredForLonger_isSilentUntilItAnswers() {
    watch.answered();
    now.addAndGet(PATIENCE.toNanos() + 1);
    assertThat(watch.silent()).isTrue();

    watch.answered();
    assertThat(watch.silent()).isFalse();
  }

  @Test
  void brokerThatHangsUp_isSilentAtOnce() {
    watch.answered();
    connections.set(0);
    assertThat(watch.silent()).isTrue();
  }
}
