package io.ratatoskr.schemas;

import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A pool of workers: one work topic in each lane, and so what waits together and is isolated from
 * others.
 *
 * @param name part of its topics' names: letters, digits, '_', '-', at most 64 characters
 * @param capabilities what its workers serve; at least one
 * @param taking how its workers take work
 * @param budget longest execution of one attempt; positive
 * @param location where its workers send what they are given
 */
public record WorkerPool(
    String name, Set<Capability> capabilities, Taking taking, Duration budget, Reach location) {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}");

  /** How work is taken from the pool's topics. */
  public enum Taking {
    /** By a share group: workers of any speed share one partition. */
    SHARED,
    /** By a consumer group, claimed before it is run, so that nothing is paid for twice. */
    CLAIMED
  }

  /** Where a request's data go. */
  public enum Reach {
    /** They stay on this deployment's own machines. */
    LOCAL,
    /** They leave them; the request's data policy must allow it. */
    REMOTE
  }

  public WorkerPool {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "pools: '" + name + "' is no name; use letters, digits, '_', '-', at most 64");
    }
    capabilities = Set.copyOf(capabilities);
    if (capabilities.isEmpty()) {
      throw new IllegalArgumentException("pools: '" + name + "' serves nothing; name capabilities");
    }
    if (budget.isZero() || budget.isNegative()) {
      throw new IllegalArgumentException(
          "pools: the budget of '" + name + "' must be positive, is " + budget);
    }
  }

  /** Whether a pool may have that name. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /**
   * Partitions that its work topic starts with: members of a share group divide a topic's
   * partitions, and only those of one partition share its load; a consumer group spreads over all.
   */
  int partitions(Deployment deployment) {
    return switch (taking) {
      case SHARED -> 1;
      case CLAIMED -> deployment.partitions();
    };
  }
}
