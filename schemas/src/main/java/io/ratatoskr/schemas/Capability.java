package io.ratatoskr.schemas;

import java.util.Locale;
import java.util.Optional;

/** What can be asked for; each has request topics of its own. */
public enum Capability {
  CHAT,
  GENERATE,
  EMBED,
  NLI,
  CLASSIFY,
  STANCE,
  TOKENIZE;

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
