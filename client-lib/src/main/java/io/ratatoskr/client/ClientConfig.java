package io.ratatoskr.client;

import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.KafkaProperties;
import io.ratatoskr.schemas.SchemaRegistry;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The configuration of a {@link KafkaRatatoskr}. Limits hold for each lane and, in it, each
 * capability.
 *
 * @param bootstrap brokers, {@code host:port} separated by commas
 * @param domain topic prefix under which requests and replies travel
 * @param inFlight most that is sent and not answered
 * @param queued most that waits for room in flight
 * @param patience how long it waits for others
 * @param sending how requests are sent
 * @param schemaRegistry where schema ids come from
 * @param kafka further properties of the Kafka clients, such as {@code security.protocol}; they win
 */
public record ClientConfig(
    String bootstrap,
    Domain domain,
    InFlight inFlight,
    Queued queued,
    Patience patience,
    Sending sending,
    SchemaRegistry schemaRegistry,
    KafkaProperties kafka) {

  private static final Set<String> COMPRESSIONS = Set.of("none", "gzip", "lz4", "snappy", "zstd");

  static final Setting<Domain> DOMAIN =
      Setting.scalar(
          "client.domain",
          Domain.DEFAULT,
          "a topic prefix of letters, digits, '.', '_', '-'; not ratatoskr.sys",
          Domain::new,
          "Topic prefix under which requests and replies travel; the boundary of trust.");
  static final Setting<Integer> IN_FLIGHT_RECORDS =
      Setting.integer(
          "client.in-flight-records",
          64,
          1,
          1_000_000,
          "Most requests sent and not answered, in each lane of each capability; further calls"
              + " wait.");
  static final Setting<Long> IN_FLIGHT_BYTES =
      Setting.size(
          "client.in-flight-bytes",
          16L << 20,
          1,
          1L << 40,
          "Most bytes of requests sent and not answered, in each lane of each capability.");
  static final Setting<Integer> QUEUED_CALLS =
      Setting.integer(
          "client.queued-calls",
          10_000,
          0,
          10_000_000,
          "Most requests that wait for room in flight, in each lane of each capability; more fail"
              + " with Overloaded.");
  static final Setting<Long> QUEUED_BYTES =
      Setting.size(
          "client.queued-bytes",
          256L << 20,
          0,
          1L << 40,
          "Most bytes of requests that wait for room in flight, in each lane of each capability.");
  static final Setting<Duration> CONNECT_TIMEOUT =
      Setting.duration(
          "client.connect-timeout",
          Duration.ofSeconds(10),
          Duration.ofMillis(1),
          Duration.ofHours(1),
          "How long connecting tries to reach a broker.");
  static final Setting<Duration> EXPIRY_GRACE =
      Setting.duration(
          "client.expiry-grace",
          Duration.ofSeconds(2),
          Duration.ZERO,
          Duration.ofHours(1),
          "How long after a request's deadline its reply is still waited for.");
  static final Setting<Duration> LEASE =
      Setting.duration(
          "client.lease",
          Duration.ofSeconds(15),
          Duration.ofSeconds(1),
          Duration.ofHours(1),
          "How long after a client was last heard of its requests are cancelled that ask for it"
              + " (`on-client-loss`); it says three times as often that it lives.");
  static final Setting<Duration> LINGER =
      Setting.duration(
          "client.linger",
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofSeconds(1),
          "How long the producer waits for a fuller batch.");
  static final Setting<String> BULK_COMPRESSION =
      Setting.text(
          "client.bulk-compression",
          "none",
          "none, gzip, lz4, snappy or zstd",
          COMPRESSIONS::contains,
          "How request batches of the bulk lane are compressed.");

  /**
   * The bounds of what is sent and not answered.
   *
   * @param records 1 or more
   * @param bytes 1 or more; a larger single request goes alone
   */
  public record InFlight(int records, long bytes) {
    public InFlight {
      IN_FLIGHT_RECORDS.check(records);
      IN_FLIGHT_BYTES.check(bytes);
    }
  }

  /**
   * The bounds of what waits for room in flight.
   *
   * @param calls 0 or more
   * @param bytes 0 or more
   */
  public record Queued(int calls, long bytes) {
    public Queued {
      QUEUED_CALLS.check(calls);
      QUEUED_BYTES.check(bytes);
    }
  }

  /**
   * The longest waits for a broker and for a late reply.
   *
   * @param connect for a broker, in {@link KafkaRatatoskr#connect}
   * @param expiryGrace for a reply after its request's deadline
   * @param lease for how long the router waits for this client, where a request asks for that
   */
  public record Patience(Duration connect, Duration expiryGrace, Duration lease) {
    public Patience {
      CONNECT_TIMEOUT.check(connect);
      EXPIRY_GRACE.check(expiryGrace);
      LEASE.check(lease);
    }
  }

  /**
   * How requests are sent.
   *
   * @param linger how long the producer waits for a fuller batch
   * @param bulkCompression how batches of the bulk lane are compressed
   */
  public record Sending(Duration linger, String bulkCompression) {
    public Sending {
      LINGER.check(linger);
      BULK_COMPRESSION.check(bulkCompression);
    }
  }

  public ClientConfig {
    KafkaProperties.BOOTSTRAP.check(bootstrap);
  }

  /** The section of a configuration file. */
  public static final Section SECTION =
      new Section(
          "client",
          "For commands, and for programs that read their configuration from a file.",
          List.of(
              DOMAIN,
              IN_FLIGHT_RECORDS,
              IN_FLIGHT_BYTES,
              QUEUED_CALLS,
              QUEUED_BYTES,
              CONNECT_TIMEOUT,
              EXPIRY_GRACE,
              LEASE,
              LINGER,
              BULK_COMPRESSION));

  /** Every key with its default and meaning. */
  public static List<Setting<?>> settings() {
    return Stream.of(SECTION, SchemaRegistry.SECTION, KafkaProperties.SECTION)
        .<Setting<?>>flatMap(section -> section.settings().stream())
        .toList();
  }

  /** The defaults for those brokers, {@code host:port} separated by commas. */
  public static ClientConfig of(String bootstrap) {
    return of(Values.none()).withBootstrap(bootstrap);
  }

  /**
   * The values under {@link #settings()}'s keys; others are not looked at.
   *
   * @throws io.ratatoskr.settings.InvalidSettingException naming a key and what it takes
   */
  public static ClientConfig of(Values values) {
    return values.locate(() ->
        new ClientConfig(
            KafkaProperties.BOOTSTRAP.of(values),
            DOMAIN.of(values),
            new InFlight(IN_FLIGHT_RECORDS.of(values), IN_FLIGHT_BYTES.of(values)),
            new Queued(QUEUED_CALLS.of(values), QUEUED_BYTES.of(values)),
            new Patience(CONNECT_TIMEOUT.of(values), EXPIRY_GRACE.of(values), LEASE.of(values)),
            new Sending(LINGER.of(values), BULK_COMPRESSION.of(values)),
            SchemaRegistry.SETTING.of(values),
            KafkaProperties.of(values)));
  }

  /** This config for other brokers, {@code host:port} separated by commas. */
  public ClientConfig withBootstrap(String newBootstrap) {
    return new ClientConfig(
        newBootstrap, domain, inFlight, queued, patience, sending, schemaRegistry, kafka);
  }

  /** This config in another domain. */
  public ClientConfig withDomain(Domain newDomain) {
    return new ClientConfig(
        bootstrap, newDomain, inFlight, queued, patience, sending, schemaRegistry, kafka);
  }

  /** This config with other limits for what is in flight. */
  public ClientConfig withInFlight(int records, long bytes) {
    InFlight limits = new InFlight(records, bytes);
    return new ClientConfig(
        bootstrap, domain, limits, queued, patience, sending, schemaRegistry, kafka);
  }

  /** This config with other limits for what waits. */
  public ClientConfig withQueued(int calls, long bytes) {
    Queued limits = new Queued(calls, bytes);
    return new ClientConfig(
        bootstrap, domain, inFlight, limits, patience, sending, schemaRegistry, kafka);
  }

  /** This config with another time to reach a broker. */
  public ClientConfig withConnectTimeout(Duration timeout) {
    Patience longer = new Patience(timeout, patience.expiryGrace(), patience.lease());
    return new ClientConfig(
        bootstrap, domain, inFlight, queued, longer, sending, schemaRegistry, kafka);
  }

  /** This config with another time after which it counts as lost. */
  public ClientConfig withLease(Duration lease) {
    Patience other = new Patience(patience.connect(), patience.expiryGrace(), lease);
    return new ClientConfig(
        bootstrap, domain, inFlight, queued, other, sending, schemaRegistry, kafka);
  }

  /** The brokers' addresses, not resolved. */
  List<InetSocketAddress> addresses() {
    return addresses(bootstrap);
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
