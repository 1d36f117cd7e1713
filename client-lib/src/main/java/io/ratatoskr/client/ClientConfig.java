package io.ratatoskr.client;

import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Setting;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a {@link KafkaRatatoskr} is connected with. Limits hold for each lane and, in it, each pool
 * of workers.
 *
 * @param bootstrap brokers, {@code host:port} separated by commas
 * @param domain topic prefix under which requests and replies travel
 * @param inFlightRecords most requests sent and not answered, 1 or more
 * @param inFlightBytes most bytes of such requests, 1 or more; a larger single one goes alone
 * @param queuedCalls most requests that wait for room in flight, 0 or more
 * @param queuedBytes most bytes of such requests, 0 or more
 * @param connectTimeout how long {@link KafkaRatatoskr#connect} tries to reach a broker
 * @param expiryGrace how long after a request's deadline its reply is still waited for
 * @param linger how long the producer waits for a fuller batch
 * @param bulkCompression how request batches of the bulk lane are compressed
 * @param kafka further properties of the Kafka clients, such as {@code security.protocol}; they win
 */
public record ClientConfig(
    String bootstrap,
    Domain domain,
    int inFlightRecords,
    long inFlightBytes,
    int queuedCalls,
    long queuedBytes,
    Duration connectTimeout,
    Duration expiryGrace,
    Duration linger,
    String bulkCompression,
    Map<String, String> kafka) {

  private static final Set<String> COMPRESSIONS = Set.of("none", "gzip", "lz4", "snappy", "zstd");

  static final Setting<String> BOOTSTRAP =
      Setting.text(
          "bootstrap",
          "127.0.0.1:9092",
          "host:port, separated by commas",
          ClientConfig::isBootstrap,
          "Brokers to connect to first.");
  static final Setting<String> DOMAIN =
      Setting.text(
          "domain",
          Domain.DEFAULT.prefix(),
          "a topic prefix",
          text -> !text.isEmpty(),
          "Topic prefix under which requests and replies travel; the boundary of trust.");
  static final Setting<Integer> IN_FLIGHT_RECORDS =
      Setting.integer(
          "in-flight-records",
          64,
          1,
          1_000_000,
          "Most requests sent and not answered, in each lane to each pool; further calls wait.");
  static final Setting<Long> IN_FLIGHT_BYTES =
      Setting.number(
          "in-flight-bytes",
          16L << 20,
          1,
          1L << 40,
          "Most bytes of requests sent and not answered, in each lane to each pool.");
  static final Setting<Integer> QUEUED_CALLS =
      Setting.integer(
          "queued-calls",
          10_000,
          0,
          10_000_000,
          "Most requests that wait for room in flight, in each lane to each pool; more fail with"
              + " Overloaded.");
  static final Setting<Long> QUEUED_BYTES =
      Setting.number(
          "queued-bytes",
          256L << 20,
          0,
          1L << 40,
          "Most bytes of requests that wait for room in flight, in each lane to each pool.");
  static final Setting<Duration> CONNECT_TIMEOUT =
      Setting.duration(
          "connect-timeout",
          Duration.ofSeconds(10),
          Duration.ofMillis(1),
          Duration.ofHours(1),
          "How long connecting tries to reach a broker.");
  static final Setting<Duration> EXPIRY_GRACE =
      Setting.duration(
          "expiry-grace",
          Duration.ofSeconds(2),
          Duration.ZERO,
          Duration.ofHours(1),
          "How long after a request's deadline its reply is still waited for.");
  static final Setting<Duration> LINGER =
      Setting.duration(
          "linger",
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofSeconds(1),
          "How long the producer waits for a fuller batch.");
  static final Setting<String> BULK_COMPRESSION =
      Setting.text(
          "bulk-compression",
          "none",
          "none, gzip, lz4, snappy or zstd",
          COMPRESSIONS::contains,
          "How request batches of the bulk lane are compressed.");

  public ClientConfig {
    BOOTSTRAP.check(bootstrap);
    IN_FLIGHT_RECORDS.check(inFlightRecords);
    IN_FLIGHT_BYTES.check(inFlightBytes);
    QUEUED_CALLS.check(queuedCalls);
    QUEUED_BYTES.check(queuedBytes);
    CONNECT_TIMEOUT.check(connectTimeout);
    EXPIRY_GRACE.check(expiryGrace);
    LINGER.check(linger);
    BULK_COMPRESSION.check(bulkCompression);
    kafka = Map.copyOf(kafka);
  }

  /** Every key with its default and meaning. */
  public static List<Setting<?>> settings() {
    return List.of(
        BOOTSTRAP,
        DOMAIN,
        IN_FLIGHT_RECORDS,
        IN_FLIGHT_BYTES,
        QUEUED_CALLS,
        QUEUED_BYTES,
        CONNECT_TIMEOUT,
        EXPIRY_GRACE,
        LINGER,
        BULK_COMPRESSION);
  }

  /** The defaults for those brokers, {@code host:port} separated by commas. */
  public static ClientConfig of(String bootstrap) {
    return of(Map.of(BOOTSTRAP.key(), bootstrap));
  }

  /**
   * The config that those keys give, with defaults for the others; Kafka's own keys follow {@code
   * kafka.}, such as {@code kafka.security.protocol}.
   *
   * @throws IllegalArgumentException naming the key whose value is not allowed
   */
  public static ClientConfig of(Map<String, String> values) {
    return new ClientConfig(
        BOOTSTRAP.of(values),
        new Domain(DOMAIN.of(values)),
        IN_FLIGHT_RECORDS.of(values),
        IN_FLIGHT_BYTES.of(values),
        QUEUED_CALLS.of(values),
        QUEUED_BYTES.of(values),
        CONNECT_TIMEOUT.of(values),
        EXPIRY_GRACE.of(values),
        LINGER.of(values),
        BULK_COMPRESSION.of(values),
        Setting.kafkaProperties(values));
  }

  /** This config in another domain. */
  public ClientConfig withDomain(Domain newDomain) {
    return new ClientConfig(
        bootstrap,
        newDomain,
        inFlightRecords,
        inFlightBytes,
        queuedCalls,
        queuedBytes,
        connectTimeout,
        expiryGrace,
        linger,
        bulkCompression,
        kafka);
  }

  /** This config with other limits for what is in flight. */
  public ClientConfig withInFlight(int records, long bytes) {
    return new ClientConfig(
        bootstrap,
        domain,
        records,
        bytes,
        queuedCalls,
        queuedBytes,
        connectTimeout,
        expiryGrace,
        linger,
        bulkCompression,
        kafka);
  }

  /** This config with other limits for what waits. */
  public ClientConfig withQueued(int calls, long bytes) {
    return new ClientConfig(
        bootstrap,
        domain,
        inFlightRecords,
        inFlightBytes,
        calls,
        bytes,
        connectTimeout,
        expiryGrace,
        linger,
        bulkCompression,
        kafka);
  }

  /** This config with another time to reach a broker. */
  public ClientConfig withConnectTimeout(Duration newTimeout) {
    return new ClientConfig(
        bootstrap,
        domain,
        inFlightRecords,
        inFlightBytes,
        queuedCalls,
        queuedBytes,
        newTimeout,
        expiryGrace,
        linger,
        bulkCompression,
        kafka);
  }

  /** The brokers' addresses, not resolved. */
  List<InetSocketAddress> addresses() {
    return addresses(bootstrap);
  }

  private static boolean isBootstrap(String text) {
    try {
      return !addresses(text).isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static List<InetSocketAddress> addresses(String bootstrap) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String address : Stream.of(bootstrap.split(",", -1)).map(String::strip).toList()) {
      int colon = address.lastIndexOf(':');
      if (colon < 1) {
        throw new IllegalArgumentException("no port in " + address);
      }
      String host = address.substring(0, colon).replaceAll("^\\[|]$", "");
      int port = Integer.parseInt(address, colon + 1, address.length(), 10);
      addresses.add(InetSocketAddress.createUnresolved(host, port));
    }
    return addresses;
  }
}
