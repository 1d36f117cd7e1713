package io.ratatoskr.embeddedkafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The configuration of an {@link EmbeddedKafka}.
 *
 * @param dataFolder where topics, group offsets and cluster metadata live; made (0700) where
 *     absent, and continued as it is where an earlier broker left it
 * @param listener where clients connect
 * @param disk how disk is used
 * @param brokerProperties further Kafka broker properties; they win over this module's choices
 *     except where a key of this record or the broker's identity is meant
 */
public record EmbeddedKafkaConfig(
    Path dataFolder, Listener listener, Disk disk, Map<String, String> brokerProperties) {

  private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0");
  private static final Map<String, String> OWNED =
      Map.ofEntries(
          Map.entry("log.dir", "dataFolder"),
          Map.entry("log.dirs", "dataFolder"),
          Map.entry("metadata.log.dir", "dataFolder"),
          Map.entry("listeners", "host and port"),
          Map.entry("advertised.listeners", "host and port"),
          Map.entry("log.segment.bytes", "segmentBytes"),
          Map.entry("log.retention.check.interval.ms", "retentionCheck"),
          Map.entry("log.segment.delete.delay.ms", "fileDeleteDelay"),
          Map.entry("node.id", "the embedded broker itself"),
          Map.entry("process.roles", "the embedded broker itself"),
          Map.entry("controller.listener.names", "the embedded broker itself"),
          Map.entry("controller.quorum.voters", "the embedded broker itself"));

  /**
   * Where clients connect.
   *
   * @param host the address to listen on and to advertise; never a wildcard, since clients are told
   *     it
   * @param port 0..65535; 0 takes a free one
   */
  public record Listener(String host, int port) {
    public Listener {
      require(
          !host.isBlank() && !WILDCARDS.contains(host),
          "host",
          host,
          "an address that clients can connect to, no wildcard");
      require(port >= 0 && port <= 65_535, "port", port, "0 to 65535; 0 takes a free port");
    }
  }

  /**
   * How disk is used.
   *
   * @param segmentBytes size of a log segment in bytes, at least 1 MiB. Kafka frees disk by whole
   *     segments, so this bounds how much of a trimmed partition stays behind
   * @param retentionCheck how often trimmed and expired segments are looked for, at least 1 ms
   * @param fileDeleteDelay how long the file of a dropped segment stays, at least 0
   * @param minFreeBytes disk space below which {@link EmbeddedKafka#watchFreeSpace} calls for help,
   *     at least 0
   */
  public record Disk(
      int segmentBytes, Duration retentionCheck, Duration fileDeleteDelay, long minFreeBytes) {
    public Disk {
      require(segmentBytes >= 1 << 20, "segmentBytes", segmentBytes, "at least 1048576 (1 MiB)");
      require(retentionCheck.toMillis() >= 1, "retentionCheck", retentionCheck, "at least 1 ms");
      require(!fileDeleteDelay.isNegative(), "fileDeleteDelay", fileDeleteDelay, "not negative");
      require(minFreeBytes >= 0, "minFreeBytes", minFreeBytes, "not negative");
    }

    /** Segments of 16 MiB, retention check and file delete delay of 1 s, 512 MiB kept free. */
    public static Disk defaults() {
      return new Disk(16 << 20, Duration.ofSeconds(1), Duration.ofSeconds(1), 512L << 20);
    }

    public Disk withSegmentBytes(int newSegmentBytes) {
      return new Disk(newSegmentBytes, retentionCheck, fileDeleteDelay, minFreeBytes);
    }

    public Disk withMinFreeBytes(long newMinFreeBytes) {
      return new Disk(segmentBytes, retentionCheck, fileDeleteDelay, newMinFreeBytes);
    }
  }

  public EmbeddedKafkaConfig {
    for (String key : brokerProperties.keySet()) {
      String owner = OWNED.get(key);
      require(owner == null, "brokerProperties", key, "a key that is not set by " + owner);
    }
    brokerProperties = Map.copyOf(brokerProperties);
  }

  /** The defaults: 127.0.0.1, a free port, {@link Disk#defaults()}. */
  public static EmbeddedKafkaConfig in(Path dataFolder) {
    return new EmbeddedKafkaConfig(
        dataFolder, new Listener("127.0.0.1", 0), Disk.defaults(), Map.of());
  }

  /** This config listening elsewhere. */
  public EmbeddedKafkaConfig listeningOn(String host, int port) {
    return new EmbeddedKafkaConfig(dataFolder, new Listener(host, port), disk, brokerProperties);
  }

  /** This config with another use of disk. */
  public EmbeddedKafkaConfig withDisk(Disk newDisk) {
    return new EmbeddedKafkaConfig(dataFolder, listener, newDisk, brokerProperties);
  }

  /** This config with one more Kafka broker property. */
  public EmbeddedKafkaConfig withBrokerProperty(String key, String value) {
    Map<String, String> properties = new HashMap<>(brokerProperties);
    properties.put(key, value);
    return new EmbeddedKafkaConfig(dataFolder, listener, disk, properties);
  }

  /**
   * The Kafka properties that a broker of this config runs with, apart from its identity, folder
   * and listeners: to run the same Kafka elsewhere, say in a container.
   */
  public Map<String, String> settings() {
    return Map.copyOf(BrokerProperties.settings(this));
  }

  /** With the keys of {@link #brokerProperties} alone, since values may be secrets. */
  @Override
  public String toString() {
    return "EmbeddedKafkaConfig[dataFolder=%s, listener=%s, disk=%s, brokerProperties=%s]"
        .formatted(dataFolder, listener, disk, new TreeSet<>(brokerProperties.keySet()));
  }

  private static void require(boolean holds, String key, Object value, String allowed) {
    if (!holds) {
      throw new IllegalArgumentException(key + " is " + value + ", must be " + allowed);
    }
  }
}
