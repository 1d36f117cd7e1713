package io.ratatoskr.schemas;

import java.util.Map;

/**
 * A topic as it is to be created.
 *
 * @param name full name
 * @param partitions 1 or more
 * @param config Kafka topic settings
 * @param keeps what it keeps, for people
 * @param writtenBy roles that write to it, for people
 * @param readBy roles that read it, for people
 */
public record TopicSpec(
    String name,
    int partitions,
    Map<String, String> config,
    String keeps,
    String writtenBy,
    String readBy) {
  public TopicSpec {
    if (partitions < 1) {
      throw new IllegalArgumentException("topics: " + name + " needs at least one partition");
    }
    config = Map.copyOf(config);
  }

  /** A line of a table in Markdown; {@code p} partitions are shown as P. */
  String row(int p) {
    return "| `%s` | %s | %s | %s | %s | %s |\n"
        .formatted(
            name,
            partitions == p ? "P" : Integer.toString(partitions),
            config.getOrDefault("cleanup.policy", ""),
            keeps,
            writtenBy,
            readBy);
  }
}
