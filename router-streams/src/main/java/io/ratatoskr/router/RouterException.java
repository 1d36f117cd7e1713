package io.ratatoskr.router;

import org.jspecify.annotations.Nullable;

/** Why a router cannot run; the message says what to do. */
public abstract sealed class RouterException extends RuntimeException {
  private RouterException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** No broker answers. */
  public static final class Unreachable extends RouterException {
    Unreachable(String bootstrap, Throwable cause) {
      super(
          "no Kafka broker answers at " + bootstrap + "; is it running, is the address right?",
          cause);
    }
  }

  /** The deployment's topics are not as they must be. */
  public static final class WrongTopics extends RouterException {
    WrongTopics(String message) {
      super(message, null);
    }
  }

  /** It did not begin to run in time. */
  public static final class NotRunning extends RouterException {
    NotRunning(String message) {
      super(message, null);
    }
  }
}
