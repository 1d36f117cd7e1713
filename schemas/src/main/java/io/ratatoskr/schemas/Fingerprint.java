package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.kafka.common.utils.Utils;

/**
 * The record key from request to result, 32 bytes. Requests that {@linkplain RequestHead#shares
 * share} an inference are known by their content: equal bytes asked for under equal conditions have
 * one key, so cache, joining and settlement are local to one task of the router. All others are
 * known by their request id, so that a request sent again joins itself.
 *
 * <p>The key is SHA-256 over a version byte, 1, a byte for its kind, and fields in UTF-8, each with
 * its length in front (four bytes, big-endian):
 *
 * <pre>
 *   'c'  capability, domain, tenant, data-policy, model, preset, stream, provider, task-class; then
 *        the value as it is
 *   'r'  domain, tenant, request-id
 * </pre>
 */
public final class Fingerprint {
  /** Length in bytes. */
  public static final int BYTES = 32;

  private static final byte VERSION = 1;
  private static final byte BY_CONTENT = 'c';
  private static final byte BY_REQUEST = 'r';

  private final byte[] bytes;

  private Fingerprint(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The key under which a request travels.
   *
   * @param value the record value exactly as sent, schema id included; it is not decoded
   */
  public static Fingerprint of(
      Capability capability, Domain domain, Lane lane, RequestHead head, byte[] value) {
    return head.shares(lane)
        ? ofContent(capability, domain, head, value)
        : ofRequest(domain, head.tenant(), head.requestId());
  }

  static Fingerprint ofContent(
      Capability capability, Domain domain, RequestHead head, byte[] value) {
    MessageDigest digest = sha256(BY_CONTENT);
    field(digest, capability.topicName());
    field(digest, domain.prefix());
    field(digest, head.tenant());
    field(digest, head.dataPolicy().headerValue());
    field(digest, head.model());
    field(digest, head.preset());
    field(digest, Boolean.toString(head.stream()));
    field(digest, head.hints().provider());
    field(digest, head.hints().taskClass());
    digest.update(value);
    return new Fingerprint(digest.digest());
  }

  static Fingerprint ofRequest(Domain domain, String tenant, RequestId requestId) {
    MessageDigest digest = sha256(BY_REQUEST);
    field(digest, domain.prefix());
    field(digest, tenant);
    field(digest, requestId.toString());
    return new Fingerprint(digest.digest());
  }

  /**
   * The fingerprint that a record key holds.
   *
   * @throws IllegalArgumentException if it is not 32 bytes long
   */
  public static Fingerprint ofKey(byte[] key) {
    if (key.length != BYTES) {
      throw new IllegalArgumentException("a fingerprint has 32 bytes, this key " + key.length);
    }
    return new Fingerprint(key.clone());
  }

  /** The record key; the caller owns the array. */
  public byte[] toKey() {
    return bytes.clone();
  }

  /** The partition of a topic of that many partitions, as Kafka's default partitioner chooses. */
  public int partition(int partitions) {
    return Utils.toPositive(Utils.murmur2(bytes)) % partitions;
  }

  private static MessageDigest sha256(byte kind) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(VERSION);
      digest.update(kind);
      return digest;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Length first, so that no two lists of fields give the same bytes. */
  private static void field(MessageDigest digest, String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).array());
    digest.update(utf8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Fingerprint that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Hexadecimal. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
