package io.ratatoskr.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ratatoskr.retrieval.StageTimes.Stage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StageTimesTest {
  private long now;
  private final StageTimes times = new StageTimes(() -> now);

  private void pass(long millis) {
    now += Duration.ofMillis(millis).toNanos();
  }

  @Test
  void sumCountsEveryQuery_busyCountsTimeOnce() {
    long first = times.enter(Stage.EMBED);
    pass(10);
    long second = times.enter(Stage.EMBED);
    pass(10);
    assertThat(times.leave(Stage.EMBED, first)).isEqualTo(Duration.ofMillis(20));
    pass(10);
    assertThat(times.leave(Stage.EMBED, second)).isEqualTo(Duration.ofMillis(20));
    pass(100);

    StageTimes.Summary summary = times.summary(Stage.EMBED);
    assertThat(summary.queries()).isEqualTo(2);
    assertThat(summary.sum()).isEqualTo(Duration.ofMillis(40));
    assertThat(summary.busy()).isEqualTo(Duration.ofMillis(30));
  }

  @Test
  void medianIsWithinTwoPercent() {
    for (int millis : new int[] {1, 2, 500, 10_000, 60_000}) {
      long entered = times.enter(Stage.JUDGE);
      pass(millis);
      times.leave(Stage.JUDGE, entered);
    }

    assertThat((double) times.summary(Stage.JUDGE).median().toMillis())
        .isCloseTo(500, within(10.0));
    assertThat(times.summary(Stage.SEARCH).median()).isZero();
  }

  @Test
  void overlap_isOneWhereStagesTakeTurns_andLessWhereTheyWorkSideBySide() {
    long embed = times.enter(Stage.EMBED);
    pass(10);
    times.leave(Stage.EMBED, embed);
    long judge = times.enter(Stage.JUDGE);
    pass(10);
    assertThat(times.overlap(Duration.ofNanos(now))).isCloseTo(1.0, within(1e-9));

    embed = times.enter(Stage.EMBED);
    pass(20);
    times.leave(Stage.EMBED, embed);
    times.leave(Stage.JUDGE, judge);
    assertThat(times.overlap(Duration.ofNanos(now))).isCloseTo(40.0 / 60, within(1e-9));
    assertThat(new StageTimes(() -> 0).overlap(Duration.ofSeconds(1))).isZero();
  }
}
