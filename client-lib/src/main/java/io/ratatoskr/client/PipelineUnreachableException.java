package io.ratatoskr.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * No broker or schema registry answered, or the topics are not there; the message names the address
 * or the topic.
 */
public final class PipelineUnreachableException extends RatatoskrException {
  public PipelineUnreachableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static PipelineUnreachableException silent(
      ClientConfig config, Duration waited, @Nullable Throwable cause) {
    return new PipelineUnreachableException(
        "no broker answered at "
            + config.bootstrap()
            + " within "
            + seconds(waited)
            + reason(cause)
            + "; is Kafka running there?",
        cause);
  }

  static PipelineUnreachableException missing(ClientConfig config, String topic) {
    return new PipelineUnreachableException(
        "topic "
            + topic
            + " does not exist on "
            + config.bootstrap()
            + "; create the topics with `ratatoskr topics create`, or choose another domain",
        null);
  }

  static PipelineUnreachableException forbidden(
      ClientConfig config, String topic, Throwable cause) {
    return new PipelineUnreachableException(
        "access to topic "
            + topic
            + " on "
            + config.bootstrap()
            + " is forbidden"
            + reason(cause)
            + "; a client reads its reply topics and writes its request topics: allow it with"
            + " kafka-acls, or choose another domain",
        cause);
  }

  static PipelineUnreachableException unusable(ClientConfig config, Throwable cause) {
    return new PipelineUnreachableException(
        "Kafka at " + config.bootstrap() + " cannot be used" + reason(cause), cause);
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() / 1000.0 + " s";
  }

  private static String reason(@Nullable Throwable cause) {
    return cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
  }
}
