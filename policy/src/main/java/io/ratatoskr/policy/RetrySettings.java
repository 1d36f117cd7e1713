package io.ratatoskr.policy;

import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.time.Duration;
import java.util.List;

/**
 * How often and when a candidate is asked again.
 *
 * @param maxAttempts attempts at one candidate before the next, 1 to 100
 * @param backoff longest pause before the second attempt; doubles with each further one
 * @param longestBackoff longest pause but where an error asks for a longer one and no other
 *     candidate is there
 */
public record RetrySettings(int maxAttempts, Duration backoff, Duration longestBackoff) {
  private static final Setting<Integer> ATTEMPTS =
      Setting.integer(
          "retry.max-attempts", 3, 1, 100, "Attempts at one candidate before the next one.");
  private static final Setting<Duration> BACKOFF =
      Setting.duration(
          "retry.backoff",
          Duration.ofMillis(500),
          Duration.ofMillis(1),
          Duration.ofMinutes(10),
          "Longest pause before the second attempt; doubles with each further one. How much of it"
              + " is waited differs from request to request.");
  private static final Setting<Duration> LONGEST_BACKOFF =
      Setting.duration(
          "retry.longest-backoff",
          Duration.ofSeconds(30),
          Duration.ofMillis(1),
          Duration.ofHours(1),
          "Longest such pause. A provider that asks for a longer one is left alone as long as it"
              + " asks, or at once for the next candidate where there is one.");

  /** The section of a configuration file. */
  static final Section SECTION =
      new Section(
          "retry",
          "How the router tries again where an attempt failed for the time being.",
          List.of(ATTEMPTS, BACKOFF, LONGEST_BACKOFF));

  public RetrySettings {
    ATTEMPTS.check(maxAttempts);
    BACKOFF.check(backoff);
    LONGEST_BACKOFF.check(longestBackoff);
    if (longestBackoff.compareTo(backoff) < 0) {
      throw new InvalidSettingException(LONGEST_BACKOFF.key(), "is shorter than " + BACKOFF.key());
    }
  }

  static RetrySettings of(Values values) {
    return new RetrySettings(ATTEMPTS.of(values), BACKOFF.of(values), LONGEST_BACKOFF.of(values));
  }
}
