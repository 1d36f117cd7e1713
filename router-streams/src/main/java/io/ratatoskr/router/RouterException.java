package io.ratatoskr.router;

import io.ratatoskr.schemas.SchemaRegistryException;
import java.util.List;
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

  /** The cluster holds the state of a router that served both lanes as one application. */
  public static final class OldLayout extends RouterException {
    OldLayout(List<String> changelogs) {
      super(
          "%s: state of an earlier version, which this one does not read. Let that version answer"
                  .formatted(String.join(", ", changelogs))
              + " what is open; then delete these topics, or begin in an empty data folder where"
              + " the broker runs in this process",
          null);
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
