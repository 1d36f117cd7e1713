package io.ratatoskr.launcher.operate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.Topics.RequestTopic;
import io.ratatoskr.schemas.wire.DeadLetter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as an operator sees it.
 *
 * @param id its place among the dead letters, which names it
 * @param written when it was written
 * @param content what it says
 * @param replayedAs id of the request that was made of it last; null where none was
 */
record Letter(Id id, Instant written, DeadLetter content, @Nullable String replayedAs) {

  /**
   * The place of a letter: {@code PARTITION-OFFSET}.
   *
   * @param partition its partition, from 0
   * @param offset its offset, from 0
   */
  record Id(int partition, long offset) {
    /**
     * The place of that text form.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Id parse(String text) {
      if (!text.matches("\\d{1,9}-\\d{1,18}")) {
        throw new IllegalArgumentException(
            "'" + text + "' is no ID of a dead letter; `dlq list` shows them, such as 3-12");
      }
      int dash = text.indexOf('-');
      return new Id(
          Integer.parseInt(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
    }

    @Override
    public String toString() {
      return partition + "-" + offset;
    }
  }

  Letter replayedAs(String requestId) {
    return new Letter(id, written, content, requestId);
  }

  /** The request topic that its record stood on; empty where it was no request. */
  Optional<RequestTopic> requestTopic() {
    return RequestTopic.parse(content.getTopic());
  }

  String capability() {
    return requestTopic().map(topic -> topic.capability().topicName()).orElse("");
  }

  String lane() {
    return requestTopic().map(topic -> topic.lane().topicName()).orElse("");
  }

  String tenant() {
    return content.getTenant().isEmpty() ? header(Envelope.TENANT) : content.getTenant();
  }

  String model() {
    return content.getModel().isEmpty() ? header(Envelope.MODEL) : content.getModel();
  }

  /** The id of its request; empty where it is not known. */
  String requestId() {
    String own = content.getRequestId();
    return own == null ? header(Envelope.REQUEST_ID) : own;
  }

  private String header(String name) {
    ByteBuffer value = content.getHeaders().get(name);
    return value == null ? "" : new String(bytes(value), UTF_8);
  }

  /** The headers that it holds. */
  Headers headers() {
    Headers headers = new RecordHeaders();
    content.getHeaders().forEach((name, value) -> headers.add(name, bytes(value)));
    return headers;
  }

  /** The value that it holds; null where it holds none. */
  byte @Nullable [] value() {
    ByteBuffer value = content.getValue();
    return value == null ? null : bytes(value);
  }

  /** Where its record stood. */
  String place() {
    return content.getTopic() + "-" + content.getPartition() + "@" + content.getOffset();
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
