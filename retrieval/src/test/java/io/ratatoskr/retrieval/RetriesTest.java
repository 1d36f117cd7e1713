package io.ratatoskr.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetriesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final List<InferenceError> BUSY = List.of(InferenceError.overloaded("busy"));

  private static InferenceError limited(long ms) {
    return new InferenceError(ErrorCode.RATE_LIMITED, "slow down", Map.of(), Duration.ofMillis(ms));
  }

  @Test
  void pause_doubles_andEndsAfterFourTries() {
    assertThat(Retries.pause(BUSY, 1, MINUTE)).contains(Duration.ofMillis(500));
    assertThat(Retries.pause(BUSY, 2, MINUTE)).contains(Duration.ofSeconds(1));
    assertThat(Retries.pause(BUSY, 3, MINUTE)).contains(Duration.ofSeconds(2));
    assertThat(Retries.pause(BUSY, 4, MINUTE)).isEmpty();
  }

  @Test
  void pause_isTheLongestThatAnErrorAsksFor_butNotShorterThanOurs() {
    List<InferenceError> limited =
        List.of(InferenceError.overloaded("busy"), limited(5_000), limited(3_000));
    List<InferenceError> impatient = List.of(limited(1));

    assertThat(Retries.pause(limited, 1, MINUTE)).contains(Duration.ofSeconds(5));
    assertThat(Retries.pause(impatient, 1, MINUTE)).contains(Duration.ofMillis(500));
  }

  @Test
  void pause_thatWouldReachTheTimeout_isNotMade() {
    assertThat(Retries.pause(BUSY, 1, Duration.ofMillis(501))).isPresent();
    assertThat(Retries.pause(BUSY, 1, Duration.ofMillis(500))).isEmpty();
    assertThat(Retries.pause(BUSY, 1, Duration.ofMillis(-1))).isEmpty();
  }

  @Test
  void pause_withoutErrors_isNone() {
    assertThat(Retries.pause(List.of(), 1, MINUTE)).isEmpty();
  }
}
