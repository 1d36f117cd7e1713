package io.ratatoskr.schemas;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * One of two separate paths from request to reply. Interactive requests and bulk work share no
 * topic and no task of the router, so that a backlog of one cannot delay the other.
 */
public enum Lane {
  INTERACTIVE,
  BULK;

  /** The lane's part of a topic name. */
  public String topicName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The lane of that name in topics; empty where there is none. */
  public static Optional<Lane> named(String name) {
    return Arrays.stream(values()).filter(lane -> lane.topicName().equals(name)).findFirst();
  }
}
