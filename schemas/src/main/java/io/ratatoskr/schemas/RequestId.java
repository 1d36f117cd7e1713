package io.ratatoskr.schemas;

import java.time.Clock;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Names one request of one client. New ones are UUIDs of version 7 (RFC 9562, section 5.7), so that
 * they sort by time; any UUID is taken.
 */
public record RequestId(UUID value) {

  /** A new id: 48 bits of milliseconds since the epoch, 74 random bits. */
  public static RequestId next(Clock clock, RandomGenerator random) {
    long high = (clock.millis() << 16) | 0x7000L | (random.nextLong() & 0x0FFFL);
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new RequestId(new UUID(high, low));
  }

  /**
   * The id of that text form.
   *
   * @throws IllegalArgumentException if it is no UUID
   */
  public static RequestId parse(String text) {
    if (text.length() != 36) {
      throw new IllegalArgumentException("request-id: '" + text + "' is no UUID");
    }
    try {
      return new RequestId(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("request-id: '" + text + "' is no UUID", e);
    }
  }

  /**
   * When it was made, in milliseconds since the epoch; empty if it is of another version than 7.
   */
  public OptionalLong madeMs() {
    return value.version() == 7
        ? OptionalLong.of(value.getMostSignificantBits() >>> 16)
        : OptionalLong.empty();
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
