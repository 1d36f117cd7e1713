package io.ratatoskr.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.InferenceError.Overloaded;
import io.ratatoskr.schemas.InferenceError.RateLimited;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetriesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final List<InferenceError> BUSY = List.of(new Overloaded("busy"));

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
        List.of(
            new Overloaded("busy"),
            new RateLimited("slow down", Duration.ofSeconds(5)),
            new RateLimited("slow down", Duration.ofSeconds(3)));
    List<InferenceError> impatient = List.of(new RateLimited("slow down", Duration.ofMillis(1)));

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
