package io.ratatoskr.router;

import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.time.Duration;
import java.util.List;

/**
 * The limits of the answer cache.
 *
 * @param enabled whether answers are kept at all
 * @param ttl how long a stored answer serves, 1 s to 30 days
 * @param taskBytes bytes of answers that one partition keeps, 1 MiB or more
 * @param answerBytes bytes of the largest answer that is stored, 1 KiB to 1 MiB
 */
public record CacheSettings(boolean enabled, Duration ttl, long taskBytes, int answerBytes) {
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;

  private static final Setting<Boolean> ENABLED =
      Setting.flag(
          "cache.enabled",
          false,
          "Whether answers are kept for requests that allow it; true in `up` and in commands"
              + " without `--bootstrap`.");
  private static final Setting<Duration> TTL =
      Setting.duration(
              "cache.ttl",
              Duration.ofHours(1),
              Duration.ofSeconds(1),
              Duration.ofDays(30),
              "How long a stored answer serves.")
          .whileRunning();
  private static final Setting<Long> TASK_BYTES =
      Setting.size(
              "cache.task-bytes",
              256 * MIB,
              MIB,
              Long.MAX_VALUE,
              "Answers that one partition keeps; the oldest go first.")
          .whileRunning();
  private static final Setting<Long> ANSWER_BYTES =
      Setting.size("cache.answer-bytes", 64 * KIB, KIB, MIB, "Largest answer that is stored.")
          .whileRunning();

  /** The section of a configuration file. */
  static final Section SECTION =
      new Section(
          "cache",
          "The router's answers to requests that have been asked before.",
          List.of(ENABLED, TTL, TASK_BYTES, ANSWER_BYTES));

  public CacheSettings {
    TTL.check(ttl);
    TASK_BYTES.check(taskBytes);
    ANSWER_BYTES.check((long) answerBytes);
  }

  static CacheSettings of(Values values) {
    return new CacheSettings(
        ENABLED.of(values),
        TTL.of(values),
        TASK_BYTES.of(values),
        ANSWER_BYTES.of(values).intValue());
  }
}
