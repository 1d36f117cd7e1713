package io.ratatoskr.schemas;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The numbers and names that fix a deployment's topics.
 *
 * @param domains the domains served, at least one, none a prefix of another
 * @param partitions partitions of requests, results and cancellations alike
 * @param replyPartitions partitions of the reply topics
 * @param replicationFactor copies of every topic
 * @param longestDeadline longest accepted timeout; requests are kept for a day more
 */
public record Deployment(
    List<Domain> domains,
    int partitions,
    int replyPartitions,
    short replicationFactor,
    Duration longestDeadline) {

  public Deployment {
    domains = List.copyOf(domains);
    if (domains.isEmpty()) {
      throw new IllegalArgumentException("domains: name at least one");
    }
    if (Set.copyOf(domains).size() < domains.size()) {
      throw new IllegalArgumentException("domains: one is named twice");
    }
    for (Domain outer : domains) {
      for (Domain inner : domains) {
        if (inner.prefix().startsWith(outer.prefix() + ".")) {
          throw new IllegalArgumentException(
              "domains: '" + inner + "' lies within '" + outer + "'; choose separate prefixes");
        }
      }
    }
    positive("partitions", partitions);
    positive("reply-partitions", replyPartitions);
    positive("replication-factor", replicationFactor);
    if (longestDeadline.isNegative() || longestDeadline.isZero()) {
      throw new IllegalArgumentException("longest-deadline: must be positive");
    }
  }

  private static void positive(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(key + ": must be at least 1, is " + value);
    }
  }

  /** Everything on one machine: one domain, 2 partitions, one copy. */
  public static Deployment allInOne() {
    return new Deployment(List.of(Domain.DEFAULT), 2, 32, (short) 1, Duration.ofDays(7));
  }

  /**
   * {@link #allInOne()} for a single client, which reads one reply partition of a lane. A start
   * makes a log for each partition, so that half of them are spared.
   */
  public static Deployment forOneClient() {
    return new Deployment(List.of(Domain.DEFAULT), 2, 1, (short) 1, Duration.ofDays(7));
  }

  /** A cluster of three brokers or more: one domain, 12 partitions, three copies. */
  public static Deployment cluster() {
    return new Deployment(List.of(Domain.DEFAULT), 12, 32, (short) 3, Duration.ofDays(7));
  }
}
