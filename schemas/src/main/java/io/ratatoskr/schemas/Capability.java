package io.ratatoskr.schemas;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be asked for; each has request topics of its own. */
public enum Capability {
  CHAT(false, "chat"),
  GENERATE(false, "chat"),
  EMBED(true, "embed"),
  NLI(true, "nli"),
  CLASSIFY(true, "nli"),
  STANCE(true, "nli"),
  TOKENIZE(true, "nli");

  private final boolean deterministic;
  private final String pool;

  Capability(boolean deterministic, String pool) {
    this.deterministic = deterministic;
    this.pool = pool;
  }

  /** The pool of workers that serves it. */
  public String pool() {
    return pool;
  }

  /** All pools of workers. */
  public static Set<String> pools() {
    return Arrays.stream(values()).map(Capability::pool).collect(Collectors.toUnmodifiableSet());
  }

  /** Whether equal requests have equal answers, so that one inference may answer them all. */
  public boolean deterministic() {
    return deterministic;
  }

  /**
   * Whether a worker must have the model loaded. To count tokens takes its tokenizer alone, and
   * those of models that nobody here runs are known too.
   */
  public boolean runsModel() {
    return this != TOKENIZE;
  }

  /** The capability's part of a topic name; also its name in records and metrics. */
  public String topicName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The capability of that topic name, if there is one. */
  public static Optional<Capability> ofTopicName(String name) {
    for (Capability capability : values()) {
      if (capability.topicName().equals(name)) {
        return Optional.of(capability);
      }
    }
    return Optional.empty();
  }
}
