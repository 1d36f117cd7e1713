package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final InferenceError BUSY = InferenceError.overloaded("busy");

  private final Backoff backoff = Backoff.standard().withRandom(() -> 0);

  private static InferenceError limited(Duration wait) {
    return new InferenceError(ErrorCode.RATE_LIMITED, "slow down", Map.of(), wait);
  }

  @Test
  void pause_isTwiceAsLongEachTime_atMost30s() {
    assertThat(
            IntStream.rangeClosed(1, 9)
                .mapToObj(tries -> backoff.pause(tries, List.of(BUSY)).toMillis()))
        .containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L, 30_000L);
    // As many failures as an int holds do not leave a long's range.
    assertThat(backoff.pause(Integer.MAX_VALUE, List.of(BUSY))).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void pause_isTheLongestThatAnErrorAsksFor_butNotShorterThanOurs() {
    assertThat(
            backoff.pause(
                1, List.of(BUSY, limited(Duration.ofSeconds(40)), limited(Duration.ofSeconds(3)))))
        .isEqualTo(Duration.ofSeconds(40));
    assertThat(backoff.pause(1, List.of(limited(Duration.ofSeconds(Long.MAX_VALUE)))))
        .isEqualTo(Duration.ofDays(1));
    assertThat(backoff.pause(1, List.of(limited(Duration.ofMillis(1)))))
        .isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void pause_isLongerByChance_byUpToHalfOfOurs() {
    Backoff late = backoff.withRandom(() -> 0.5);

    assertThat(late.pause(2, List.of(BUSY))).isEqualTo(Duration.ofMillis(1250));
    assertThat(late.pause(2, List.of(limited(Duration.ofSeconds(40)))))
        .isEqualTo(Duration.ofMillis(40_250));
    assertThat(Backoff.standard().pause(1, List.of(BUSY)))
        .isBetween(Duration.ofMillis(500), Duration.ofMillis(750));
  }

  @Test
  void pausesThatDoNotGrow_areRefused() {
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1), () -> 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), () -> 0))
        .hasMessageContaining("backoff: must be positive and grow");
  }
}
