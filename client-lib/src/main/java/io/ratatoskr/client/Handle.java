package io.ratatoskr.client;

import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/**
 * What has to be known of a request to find its reply, or to cancel it, also from another process.
 * Its text form is 68 characters of base64url: a byte for version and lane, the request id, the key
 * and the inbox partition.
 *
 * @param requestId names the request; one made by this library tells when it was made
 * @param key the key under which the request travels
 * @param lane the lane on which it travels
 * @param inboxPartition partition of the lane's reply topic to which its reply goes, 0 to 65,535
 */
public record Handle(RequestId requestId, Fingerprint key, Lane lane, int inboxPartition) {
  private static final int MOST_PARTITIONS = 1 << Short.SIZE;
  private static final int BYTES = 1 + 2 * Long.BYTES + Fingerprint.BYTES + Short.BYTES;
  private static final byte INTERACTIVE = 0x10;
  private static final byte BULK = 0x11;

  public Handle {
    if (inboxPartition < 0 || inboxPartition >= MOST_PARTITIONS) {
      throw new IllegalArgumentException(
          "inbox: partition " + inboxPartition + " is not within 0 to " + (MOST_PARTITIONS - 1));
    }
  }

  /**
   * The handle of that text form.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Handle parse(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw none(text);
    }
    if (bytes.length != BYTES || (bytes[0] != INTERACTIVE && bytes[0] != BULK)) {
      throw none(text);
    }
    ByteBuffer fields = ByteBuffer.wrap(bytes).position(1);
    RequestId id = new RequestId(new UUID(fields.getLong(), fields.getLong()));
    byte[] key = new byte[Fingerprint.BYTES];
    fields.get(key);
    return new Handle(
        id,
        Fingerprint.ofKey(key),
        bytes[0] == BULK ? Lane.BULK : Lane.INTERACTIVE,
        Short.toUnsignedInt(fields.getShort()));
  }

  private static IllegalArgumentException none(String text) {
    return new IllegalArgumentException(
        "id: '" + text + "' is no request's; it has 68 letters, digits, '-' and '_'");
  }

  @Override
  public String toString() {
    byte[] bytes =
        ByteBuffer.allocate(BYTES)
            .put(lane == Lane.BULK ? BULK : INTERACTIVE)
            .putLong(requestId.value().getMostSignificantBits())
            .putLong(requestId.value().getLeastSignificantBits())
            .put(key.toKey())
            .putShort((short) inboxPartition)
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
