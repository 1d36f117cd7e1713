package io.ratatoskr.launcher.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HangupTest {
  private final Hangup hangup = new Hangup();
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void runs_afterwards_onceForEachSignal() {
    hangup.runs(runs::incrementAndGet);
    assertThat(runs).hasValue(0);

    hangup.came();
    hangup.came();
    assertThat(runs).hasValue(2);
  }

  @Test
  void runs_onceForAllSignalsThatCameBefore() {
    hangup.came();
    hangup.came();
    hangup.runs(runs::incrementAndGet);
    assertThat(runs).hasValue(1);

    hangup.came();
    assertThat(runs).hasValue(2);
  }
}
