package io.ratatoskr.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.bulk.BulkJobException.PipelineFailed;
import io.ratatoskr.bulk.Retries.Failures;
import io.ratatoskr.bulk.Retries.Verdict;
import io.ratatoskr.formats.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetriesTest {
  private static final Failure.Again BUSY =
      new Failure.Again(new Line.Refusal("Overloaded", "busy"), Optional.empty());
  private static final long BEGIN = -5;
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Retries retries =
      new Retries(JobLimits.defaults().withPatience(Duration.ofSeconds(100)), BEGIN);

  private static long delayMillis(Verdict verdict, long now) {
    return Duration.ofNanos(((Verdict.At) verdict).dueNanos() - now).toMillis();
  }

  @Test
  void failed_againAndAgain_waitsTwiceAsLongEachTime_atMost30s() {
    List<Long> delays = new ArrayList<>();
    Failures failures = Failures.NONE;
    for (int i = 0; i < 9; i++) {
      Verdict.At at = (Verdict.At) retries.failed(failures, BUSY, SECOND);
      delays.add(delayMillis(at, SECOND));
      failures = at.failures();
    }

    assertThat(delays)
        .containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L, 30_000L);
    assertThat(failures).isEqualTo(new Failures(9, SECOND));
    // As many failures as an int holds do not shift the delay out of a long.
    assertThat(
            delayMillis(
                retries.failed(new Failures(Integer.MAX_VALUE - 1, SECOND), BUSY, SECOND), SECOND))
        .isEqualTo(30_000);
  }

  @Test
  void failed_withATimeToWait_waitsAsLong() {
    Failure.Again later = new Failure.Again(BUSY.refusal(), Optional.of(Duration.ofSeconds(40)));
    Failure.Again soon = new Failure.Again(BUSY.refusal(), Optional.of(Duration.ofMillis(1)));

    assertThat(delayMillis(retries.failed(Failures.NONE, later, 0), 0)).isEqualTo(40_000);
    assertThat(delayMillis(retries.failed(Failures.NONE, soon, 0), 0)).isEqualTo(500);
  }

  @Test
  void failed_forTheEighthTimeWhileOthersAreAnswered_isGivenUp() {
    retries.answered(2 * SECOND);

    assertThat(retries.failed(new Failures(6, SECOND), BUSY, 500 * SECOND))
        .isInstanceOf(Verdict.At.class);
    assertThat(retries.failed(new Failures(7, SECOND), BUSY, 3 * SECOND))
        .isEqualTo(new Verdict.GiveUp());
    // Nothing was answered since this one began to fail.
    assertThat(retries.failed(new Failures(7, 2 * SECOND), BUSY, 3 * SECOND))
        .isInstanceOf(Verdict.At.class);
  }

  @Test
  void failed_whileNothingIsAnswered_endsWithTheJobsPatience() {
    Failures failures = new Failures(3, SECOND);

    assertThat(retries.failed(failures, BUSY, 101 * SECOND)).isInstanceOf(Verdict.At.class);
    assertThatThrownBy(() -> retries.failed(failures, BUSY, 101 * SECOND + 1))
        .isInstanceOf(PipelineFailed.class)
        .hasMessage("nothing was answered for 100 s; the last failure was Overloaded: busy");

    retries.answered(50 * SECOND);
    assertThat(retries.failed(failures, BUSY, 101 * SECOND + 1)).isInstanceOf(Verdict.At.class);
  }
}
