package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import okhttp3.Headers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-11-28T08:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "retry-after, 20, PT20S",
    "Retry-After, 0, PT0S",
    "retry-after, 1.25, PT1.25S",
    "retry-after, 999999999, PT1H",
    "retry-after-ms, 1500, PT1.5S",
    "retry-after, 'Sat, 28 Nov 2026 08:01:30 GMT', PT1M30S",
    "retry-after, 'Sat, 28 Nov 2026 07:00:00 GMT', PT0S",
    "retry-after, 'Sun, 28 Nov 2027 08:00:00 GMT', PT1H"
  })
  void of_secondsMillisecondsAndDates_areBounded(String name, String value, Duration pause) {
    assertThat(RetryAfter.of(Headers.of(name, value), NOW)).contains(pause);
  }

  @ParameterizedTest
  @CsvSource({"retry-after, soon", "retry-after, -5", "retry-after, ''", "other, 5"})
  void of_whatIsNone_isEmpty(String name, String value) {
    assertThat(RetryAfter.of(Headers.of(name, value), NOW)).isEmpty();
  }
}
