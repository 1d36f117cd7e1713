package io.ratatoskr.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;

/**
 * What has to be known of a request to find its reply, or to cancel it, also from another process.
 * Its text form is base64url, 79 characters for a chat in the default domain: a byte for version
 * and lane, the request id, the key, the inbox partition, the deadline in seconds since the epoch,
 * and {@code capability} or {@code capability@domain}.
 *
 * @param domain the domain in which it travels
 * @param lane the lane on which it travels
 * @param capability what was asked for
 * @param requestId names the request; one made by this library tells when it was made
 * @param key the key under which the request travels
 * @param inboxPartition partition of the lane's reply topic to which its reply goes, 0 to 65,535
 * @param deadline when its sender stops waiting, in whole seconds, rounded up
 */
public record Handle(
    Domain domain,
    Lane lane,
    Capability capability,
    RequestId requestId,
    Fingerprint key,
    int inboxPartition,
    Instant deadline) {
  private static final int MOST_PARTITIONS = 1 << Short.SIZE;
  private static final int FIXED_BYTES =
      1 + 2 * Long.BYTES + Fingerprint.BYTES + Short.BYTES + Integer.BYTES;
  private static final byte INTERACTIVE = 0x10;
  private static final byte BULK = 0x11;
  private static final char IN = '@';

  public Handle {
    if (inboxPartition < 0 || inboxPartition >= MOST_PARTITIONS) {
      throw new IllegalArgumentException(
          "inbox: partition " + inboxPartition + " is not within 0 to " + (MOST_PARTITIONS - 1));
    }
    Instant whole = deadline.truncatedTo(ChronoUnit.SECONDS);
    deadline = whole.isBefore(deadline) ? whole.plusSeconds(1) : whole;
  }

  /**
   * The handle of that text form.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Handle parse(String text) {
    try {
      return of(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "id: '" + text + "' is no request's; give the whole line that was printed for it", e);
    }
  }

  private static Handle of(byte[] bytes) {
    if (bytes.length <= FIXED_BYTES || (bytes[0] != INTERACTIVE && bytes[0] != BULK)) {
      throw new IllegalArgumentException("another form");
    }
    ByteBuffer fields = ByteBuffer.wrap(bytes).position(1);
    RequestId id = new RequestId(new UUID(fields.getLong(), fields.getLong()));
    byte[] key = new byte[Fingerprint.BYTES];
    fields.get(key);
    int partition = Short.toUnsignedInt(fields.getShort());
    Instant deadline = Instant.ofEpochSecond(Integer.toUnsignedLong(fields.getInt()));
    String names = new String(bytes, FIXED_BYTES, bytes.length - FIXED_BYTES, US_ASCII);
    int in = names.indexOf(IN);
    return new Handle(
        in < 0 ? Domain.DEFAULT : new Domain(names.substring(in + 1)),
        bytes[0] == BULK ? Lane.BULK : Lane.INTERACTIVE,
        Capability.ofTopicName(in < 0 ? names : names.substring(0, in))
            .orElseThrow(() -> new IllegalArgumentException("another capability")),
        id,
        Fingerprint.ofKey(key),
        partition,
        deadline);
  }

  @Override
  public String toString() {
    String names =
        domain.equals(Domain.DEFAULT)
            ? capability.topicName()
            : capability.topicName() + IN + domain;
    byte[] bytes =
        ByteBuffer.allocate(FIXED_BYTES + names.length())
            .put(lane == Lane.BULK ? BULK : INTERACTIVE)
            .putLong(requestId.value().getMostSignificantBits())
            .putLong(requestId.value().getLeastSignificantBits())
            .put(key.toKey())
            .putShort((short) inboxPartition)
            .putInt((int) deadline.getEpochSecond())
            .put(names.getBytes(US_ASCII))
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
