package io.ratatoskr.embeddedkafka;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Why an embedded broker does not start or no longer runs; the message says what to do. */
public sealed class EmbeddedKafkaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EmbeddedKafkaException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  EmbeddedKafkaException(String message) {
    super(message);
  }

  /**
   * The data folder can't be made, read or written, or holds something that is no broker's data.
   */
  public static final class BadDataFolder extends EmbeddedKafkaException {
    private static final long serialVersionUID = 1L;

    BadDataFolder(Path folder, String problem, @Nullable Throwable cause) {
      super("The data folder " + folder + " can't be used: " + problem, cause);
    }
  }

  /** Another broker, in this process or in another one, uses the data folder. */
  public static final class DataFolderInUse extends EmbeddedKafkaException {
    private static final long serialVersionUID = 1L;

    DataFolderInUse(Path folder) {
      super(
          "The data folder "
              + folder
              + " is in use by another running broker. Stop that one, connect to it instead, or"
              + " choose another folder.");
    }
  }

  /** The address can't be listened on. */
  public static final class AddressInUse extends EmbeddedKafkaException {
    private static final long serialVersionUID = 1L;

    AddressInUse(String host, int port, Throwable cause) {
      super(
          "Can't listen on "
              + host
              + ":"
              + port
              + " ("
              + cause.getMessage()
              + "). Choose another port; port 0 takes a free one.",
          cause);
    }
  }

  /** The broker didn't come up. */
  public static final class StartFailed extends EmbeddedKafkaException {
    private static final long serialVersionUID = 1L;

    StartFailed(Path folder, Throwable cause) {
      super("The broker on " + folder + " did not start: " + cause.getMessage(), cause);
    }
  }

  /** The running broker gave up, mostly since its disk is full or failed. */
  public static final class BrokerFailed extends EmbeddedKafkaException {
    private static final long serialVersionUID = 1L;

    BrokerFailed(Path folder, String reason) {
      super(describe(folder, reason));
    }

    BrokerFailed(Path folder, String reason, Throwable cause) {
      super(describe(folder, reason), cause);
    }

    private static String describe(Path folder, String reason) {
      return "The broker on "
          + folder
          + " gave up: "
          + reason
          + ". Look for a full or failing disk; its data is kept, start it again when there is"
          + " space.";
    }
  }
}
