package io.ratatoskr.schemas;

import io.ratatoskr.schemas.wire.DeadLetter;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Makes dead letters of records that could not be handled. What would not fit into a record is left
 * out; it can be read at its origin.
 */
public final class DeadLetters {
  /** Largest header, and largest sum of them, in bytes. */
  private static final int HEADER_BYTES = 4 * 1024;

  private static final int HEADERS_BYTES = 64 * 1024;

  private DeadLetters() {}

  /** Where a record stood. */
  public record Origin(String topic, int partition, long offset) {}

  /**
   * The letter about a record.
   *
   * @param timestampMs the record's
   */
  public static DeadLetter of(
      Origin origin,
      long timestampMs,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers,
      InferenceError error) {
    boolean tooLarge = value != null && value.length > Limits.REPLY_BYTES;
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setTopic(origin.topic())
            .setPartition(origin.partition())
            .setOffset(origin.offset())
            .setTimestampMs(timestampMs)
            .setKey(key == null ? null : ByteBuffer.wrap(key))
            .setValue(value == null ? null : ByteBuffer.wrap(value))
            .setHeaders(kept(headers))
            .setCode(error.code().wireName())
            .setReason(error.message())
            .build();
    return tooLarge ? withoutValue(letter) : letter;
  }

  /** The same without its value, which was too large; the reason says so. */
  public static DeadLetter withoutValue(DeadLetter letter) {
    return DeadLetter.newBuilder(letter)
        .setValue(null)
        .setReason(letter.getReason() + "; the value was too large to be kept")
        .build();
  }

  /** The last of each name that has a value and is small enough. */
  private static Map<String, ByteBuffer> kept(Headers headers) {
    Map<String, ByteBuffer> kept = new HashMap<>();
    int bytes = 0;
    for (Header header : headers) {
      byte[] value = header.value();
      if (value != null && value.length <= HEADER_BYTES) {
        ByteBuffer before = kept.put(header.key(), ByteBuffer.wrap(value));
        bytes += value.length - (before == null ? 0 : before.remaining());
        if (bytes > HEADERS_BYTES) {
          kept.remove(header.key());
          return kept;
        }
      }
    }
    return kept;
  }
}
