package io.ratatoskr.gateway;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** How long a provider asks to be left alone. */
final class RetryAfter {
  /** No pause counts longer, whatever a provider says. */
  static final Duration LONGEST = Duration.ofHours(1);

  private RetryAfter() {}

  /**
   * Reads {@code retry-after-ms}, then {@code Retry-After}, in seconds or as a date.
   *
   * @param now what dates are compared with
   * @return at least zero, at most {@link #LONGEST}; empty where nothing readable is said
   */
  static Optional<Duration> of(Headers headers, Instant now) {
    Optional<Duration> millis = seconds(headers.get("retry-after-ms"), 1e-3);
    if (millis.isPresent()) {
      return millis;
    }
    String value = headers.get("retry-after");
    return seconds(value, 1).or(() -> date(value, now));
  }

  private static Optional<Duration> seconds(@Nullable String value, double unit) {
    if (value == null || !value.strip().matches("\\d{1,12}(\\.\\d{1,9})?")) {
      return Optional.empty();
    }
    double seconds = Double.parseDouble(value.strip()) * unit;
    return Optional.of(
        Duration.ofMillis(Math.min(LONGEST.toMillis(), (long) Math.ceil(seconds * 1e3))));
  }

  private static Optional<Duration> date(@Nullable String value, Instant now) {
    if (value == null) {
      return Optional.empty();
    }
    try {
      Instant at =
          ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration pause = Duration.between(now, at);
      return Optional.of(
          pause.isNegative() ? Duration.ZERO : pause.compareTo(LONGEST) > 0 ? LONGEST : pause);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
