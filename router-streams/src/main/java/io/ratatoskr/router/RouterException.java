package io.ratatoskr.router;

import io.ratatoskr.schemas.SchemaRegistryException;
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

  /** The schema registry gives no ids. */
  public static final class NoSchemaIds extends RouterException {
    NoSchemaIds(SchemaRegistryException cause) {
      super(String.valueOf(cause.getMessage()), cause);
    }
  }

  /** The deployment's topics are not as they must be. */
  public static final class WrongTopics extends RouterException {
    WrongTopics(String message) {
      super(message, null);
    }
  }

  /** The cluster does not let it read or write a topic. */
  public static final class Forbidden extends RouterException {
    Forbidden(String message) {
      super(message, null);
    }
  }

  /** Another router has joined the group under its name. */
  public static final class Replaced extends RouterException {
    Replaced(String instanceId, Throwable cause) {
      super(
          "another router has taken this one's place: both are named "
              + instanceId
              + "; give each a data folder of its own, or another router.instance-id",
          cause);
    }
  }

  /** Its data folder cannot be used. */
  public static final class BadStateFolder extends RouterException {
    BadStateFolder(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** It did not begin to run in time. */
  public static final class NotRunning extends RouterException {
    NotRunning(String message) {
      super(message, null);
    }
  }
}
