package io.ratatoskr.launcher.command;

import io.ratatoskr.schemas.KafkaProperties;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** A broker's address as a user gave it. */
public final class Broker {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Broker() {}

  /** No broker answered there. */
  public static final class UnreachableException extends RuntimeException {
    public UnreachableException(String bootstrap, Throwable cause) {
      super(
          "no Kafka broker answers at "
              + bootstrap
              + "; is it up, and is the address right? ("
              + reason(cause)
              + ")",
          cause);
    }

    /** Those of waiting have no message. */
    private static String reason(Throwable cause) {
      return cause instanceof TimeoutException
          ? "nothing within " + PATIENCE.toSeconds() + " s"
          : Failure.describe(cause);
    }
  }

  /**
   * A client for administration, once the broker has answered.
   *
   * @param kafka properties that the client has besides
   * @throws UnreachableException naming the address if it does not answer within ten seconds
   */
  public static Admin admin(String bootstrap, KafkaProperties kafka) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", bootstrap);
    properties.put("client.id", "ratatoskr-admin");
    properties.put("default.api.timeout.ms", Long.toString(PATIENCE.toMillis() * 3));
    Admin admin;
    try {
      admin = Admin.create(kafka.over(properties));
    } catch (KafkaException e) {
      throw new UnreachableException(bootstrap, e.getCause() == null ? e : e.getCause());
    }
    try {
      admin.describeCluster().clusterId().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return admin;
    } catch (ExecutionException | TimeoutException e) {
      admin.close(Duration.ZERO);
      throw new UnreachableException(bootstrap, e);
    } catch (InterruptedException e) {
      admin.close(Duration.ZERO);
      Thread.currentThread().interrupt();
      throw new UnreachableException(bootstrap, e);
    }
  }
}
