package io.ratatoskr.schemas;

import io.ratatoskr.schemas.wire.DeadLetter;
import io.ratatoskr.schemas.wire.RequestCopy;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Makes dead letters of records that could not be handled. What is large is left out, so that many
 * letters take little room; it can be read at its origin.
 */
public final class DeadLetters {
  /** Largest value that a letter holds, in bytes. */
  public static final int VALUE_BYTES = 16 * 1024;

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
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setTopic(origin.topic())
            .setPartition(origin.partition())
            .setOffset(origin.offset())
            .setTimestampMs(timestampMs)
            .setKey(key == null ? null : ByteBuffer.wrap(key))
            .setValue(kept(value))
            .setHeaders(kept(headers))
            .setCode(error.code().wireName())
            .setReason(error.message())
            .build();
    return value != null && letter.getValue() == null ? saying(letter) : letter;
  }

  /** A copy of a request for the letter that may become of it. */
  public static RequestCopy copy(byte[] value, Headers headers) {
    return new RequestCopy(kept(value), kept(headers));
  }

  /** The same without its value, which was too large; the reason says so. */
  public static DeadLetter withoutValue(DeadLetter letter) {
    return saying(DeadLetter.newBuilder(letter).setValue(null).build());
  }

  private static DeadLetter saying(DeadLetter letter) {
    return DeadLetter.newBuilder(letter)
        .setReason(letter.getReason() + "; the value is too large to be kept here")
        .build();
  }

  private static @Nullable ByteBuffer kept(byte @Nullable [] value) {
    return value == null || value.length > VALUE_BYTES ? null : ByteBuffer.wrap(value);
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
