package io.ratatoskr.router;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.time.Duration;
import java.util.List;

/**
 * The settings that each lane of a router has for itself.
 *
 * @param threads stream threads in this process, at least one
 * @param queueLimit longest wait in a work queue
 * @param defaultTimeout timeout of a request that names none; at most the longest deadline
 * @param replyRetention how long replies are kept
 * @param readReplyRetention how long those are kept that the only client of a pipeline has read; at
 *     most as long as the others
 */
public record LaneSettings(
    int threads,
    Duration queueLimit,
    Duration defaultTimeout,
    Duration replyRetention,
    Duration readReplyRetention) {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);

  private record Keys(
      Setting<Integer> threads,
      Setting<Duration> queueLimit,
      Setting<Duration> defaultTimeout,
      Setting<Duration> replyRetention,
      Setting<Duration> readReplyRetention) {}

  private static final Keys INTERACTIVE =
      new Keys(
          Setting.integer(
              "lanes.interactive.threads",
              1,
              0,
              64,
              "Stream threads of the interactive lane; 0 takes `router.threads`."),
          Setting.duration(
              "lanes.interactive.queue-limit",
              Duration.ofSeconds(30),
              SECOND,
              DAY,
              "Longest wait in a work queue of the interactive lane."),
          Setting.duration(
              "lanes.interactive.default-timeout",
              Duration.ofSeconds(30),
              Duration.ofMillis(1),
              Duration.ofDays(365),
              "Timeout of an interactive request that names none."),
          replyRetention("lanes.interactive.reply-retention"),
          readReplyRetention("lanes.interactive.read-reply-retention", DAY));
  private static final Keys BULK =
      new Keys(
          Setting.integer(
              "lanes.bulk.threads",
              0,
              0,
              64,
              "Stream threads of the bulk lane; 0 takes `router.threads`."),
          Setting.duration(
              "lanes.bulk.queue-limit",
              DAY,
              SECOND,
              Duration.ofDays(30),
              "Longest wait in a work queue of the bulk lane."),
          Setting.duration(
              "lanes.bulk.default-timeout",
              Duration.ofDays(7),
              Duration.ofMillis(1),
              Duration.ofDays(365),
              "Timeout of a bulk request that names none."),
          replyRetention("lanes.bulk.reply-retention"),
          readReplyRetention("lanes.bulk.read-reply-retention", Duration.ofMinutes(1)));

  private static Setting<Duration> replyRetention(String key) {
    return Setting.duration(
        key,
        DAY,
        Duration.ofMinutes(1),
        Duration.ofDays(365),
        "How long replies are kept, and so how long they are found by their handles; `topics"
            + " create` makes the topic with it, and the all-in-one sets it at each start.");
  }

  private static Setting<Duration> readReplyRetention(String key, Duration fallback) {
    return Setting.duration(
        key,
        fallback,
        SECOND,
        Duration.ofDays(365),
        "The same of what the only client of a pipeline has read, as in commands without"
            + " `--bootstrap`; never longer than the others.");
  }

  private static Keys keys(Lane lane) {
    return switch (lane) {
      case INTERACTIVE -> INTERACTIVE;
      case BULK -> BULK;
    };
  }

  /** The keys of a lane. */
  static Section section(Lane lane) {
    Keys keys = keys(lane);
    return new Section(
        "lanes." + lane.topicName(),
        "What the router has for %s requests, and what it allows them.".formatted(lane.topicName()),
        List.of(
            keys.threads(),
            keys.queueLimit(),
            keys.defaultTimeout(),
            keys.replyRetention(),
            keys.readReplyRetention()));
  }

  static LaneSettings of(Lane lane, int routerThreads, Values values) {
    Keys keys = keys(lane);
    int threads = keys.threads().of(values);
    return new LaneSettings(
        threads == 0 ? routerThreads : threads,
        keys.queueLimit().of(values),
        keys.defaultTimeout().of(values),
        keys.replyRetention().of(values),
        keys.readReplyRetention().of(values));
  }

  /**
   * Refuses nonsense.
   *
   * @throws InvalidSettingException naming the lane's key and what it takes
   */
  void check(Lane lane, Duration longestDeadline) {
    Keys keys = keys(lane);
    keys.threads().check(threads);
    RouterConfig.THREADS.check(threads);
    keys.queueLimit().check(queueLimit);
    keys.defaultTimeout().check(defaultTimeout);
    keys.replyRetention().check(replyRetention);
    keys.readReplyRetention().check(readReplyRetention);
    if (defaultTimeout.compareTo(longestDeadline) > 0) {
      throw new InvalidSettingException(
          keys.defaultTimeout().key(), "is longer than the longest deadline, " + longestDeadline);
    }
  }
}
