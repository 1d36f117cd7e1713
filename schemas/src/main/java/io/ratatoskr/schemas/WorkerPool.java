package io.ratatoskr.schemas;

import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A pool of workers: one work topic in each lane, and so what waits together and is isolated from
 * others.
 *
 * @param name part of its topics' names: letters, digits, '_', '-', at most 64 characters
 * @param capabilities what its workers serve; at least one
 * @param taking how its workers take work
 * @param budget longest execution of one attempt; positive
 * @param location whether what its workers are given leaves this deployment
 */
public record WorkerPool(
    String name, Set<Capability> capabilities, Taking taking, Duration budget, Location location) {

  private static final Pattern PATTERN = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}");
  private static final String CAPABILITY_NAMES =
      Arrays.stream(Capability.values())
          .map(Capability::topicName)
          .collect(Collectors.joining(", "));

  /** The ways of taking work from a pool's topics. */
  public enum Taking {
    /** By a share group: workers of any speed share one partition. */
    SHARED,
    /** By a consumer group, claimed before it is run, so that nothing is paid for twice. */
    CLAIMED
  }

  static final Setting<String> NAME =
      Setting.text(
          "pools.name",
          "",
          "letters, digits, '_', '-', at most 64",
          WorkerPool::isName,
          "Names the pool, and ends the names of its work topics; must be given.");
  static final Setting<List<String>> CAPABILITIES =
      Setting.list(
          "pools.capabilities",
          List.of(),
          CAPABILITY_NAMES,
          text -> Capability.ofTopicName(text).isPresent(),
          "What its workers serve; must be given. Nothing but what one kind of worker can do, since"
              + " a worker that cannot do all of it does not join.");
  static final Setting<Taking> QUEUE =
      Setting.choice(
          "pools.queue",
          Taking.SHARED,
          "How its workers take work: from a queue that they share, or claimed before each run, so"
              + " that nothing is paid for twice. It fixes the partitions of its work topics.");
  static final Setting<Duration> BUDGET =
      Setting.duration(
          "pools.execution-budget",
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofDays(1),
          "Longest execution of one attempt; 0s takes `limits.execution-budget` where work is"
              + " shared, `limits.generation-budget` where it is claimed.");
  static final Setting<Location> LOCATION =
      Setting.choice(
          "pools.location",
          Location.LOCAL,
          "Whether what its workers are given stays on this deployment's own machines; a remote"
              + " pool is asked only where a request's data policy allows it.");

  public WorkerPool {
    NAME.check(name);
    capabilities = Set.copyOf(capabilities);
    if (capabilities.isEmpty()) {
      throw new InvalidSettingException(
          CAPABILITIES.key(), "'" + name + "' serves nothing; name some of " + CAPABILITY_NAMES);
    }
    if (budget.isZero() || budget.isNegative()) {
      throw new InvalidSettingException(
          BUDGET.key(), "must be positive for '" + name + "', is " + budget);
    }
  }

  /**
   * The pool that an entry of a file describes.
   *
   * @param budget longest execution where the entry names none and its work is shared
   * @param claimedBudget the same where it is claimed
   * @throws InvalidSettingException naming the key, its place and what it takes
   */
  static WorkerPool of(Values entry, Duration budget, Duration claimedBudget) {
    Taking taking = QUEUE.of(entry);
    Duration own = BUDGET.of(entry);
    Duration usual = taking == Taking.SHARED ? budget : claimedBudget;
    return entry.locate(() ->
        new WorkerPool(
            NAME.of(entry),
            CAPABILITIES.of(entry).stream()
                .flatMap(text -> Capability.ofTopicName(text).stream())
                .collect(Collectors.toSet()),
            taking,
            own.isZero() ? usual : own,
            LOCATION.of(entry)));
  }

  /** This pool with another longest execution. */
  public WorkerPool withBudget(Duration newBudget) {
    return new WorkerPool(name, capabilities, taking, newBudget, location);
  }

  /** Whether a pool may have that name. */
  public static boolean isName(String text) {
    return PATTERN.matcher(text).matches();
  }

  /** Its capabilities by their names in topics, as people read them. */
  public String serves() {
    return capabilities.stream()
        .sorted()
        .map(Capability::topicName)
        .collect(Collectors.joining(", "));
  }

  /**
   * Partitions that its work topic starts with: members of a share group divide a topic's
   * partitions, and only those of one partition share its load; a consumer group spreads over all.
   */
  public int partitions(Deployment deployment) {
    return switch (taking) {
      case SHARED -> 1;
      case CLAIMED -> deployment.partitions();
    };
  }
}
