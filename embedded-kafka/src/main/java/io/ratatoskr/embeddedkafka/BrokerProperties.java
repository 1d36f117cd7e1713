package io.ratatoskr.embeddedkafka;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The Kafka properties of a broker that is alone in its cluster and shares its JVM: everything that
 * is replicated exists once, coordinators load in milliseconds, buffers and pools are small.
 */
final class BrokerProperties {
  static final int NODE_ID = 1;

  private BrokerProperties() {}

  static Map<String, String> of(EmbeddedKafkaConfig config, Path folder, ListenSockets sockets) {
    Map<String, String> all = new HashMap<>(settings(config));
    all.putAll(identity(config, folder, sockets));
    return all;
  }

  private static Map<String, String> identity(
      EmbeddedKafkaConfig config, Path folder, ListenSockets sockets) {
    String clients =
        ListenSockets.CLIENTS + "://" + config.listener().host() + ":" + sockets.clientsPort();
    String controller = "127.0.0.1:" + sockets.controllerAddress().getPort();
    return Map.ofEntries(
        Map.entry("process.roles", "broker,controller"),
        Map.entry("node.id", Integer.toString(NODE_ID)),
        Map.entry("log.dirs", folder.toString()),
        Map.entry("listeners", clients + "," + ListenSockets.CONTROLLER + "://" + controller),
        Map.entry("advertised.listeners", clients),
        Map.entry(
            "listener.security.protocol.map",
            ListenSockets.CLIENTS + ":PLAINTEXT," + ListenSockets.CONTROLLER + ":PLAINTEXT"),
        Map.entry("inter.broker.listener.name", ListenSockets.CLIENTS),
        Map.entry("controller.listener.names", ListenSockets.CONTROLLER),
        Map.entry("controller.quorum.voters", NODE_ID + "@" + controller));
  }

  /** Everything but who the broker is and where it listens. */
  static Map<String, String> settings(EmbeddedKafkaConfig config) {
    Map<String, String> settings = new HashMap<>();
    logs(config, settings);
    coordinators(config, settings);
    shareGroups(settings);
    sessions(settings);
    smallness(settings);
    settings.putAll(config.brokerProperties());
    return settings;
  }

  private static void logs(EmbeddedKafkaConfig config, Map<String, String> settings) {
    settings.put("auto.create.topics.enable", "false");
    settings.put("default.replication.factor", "1");
    settings.put("log.segment.bytes", Integer.toString(config.disk().segmentBytes()));
    settings.put(
        "log.retention.check.interval.ms",
        Long.toString(config.disk().retentionCheck().toMillis()));
    settings.put(
        "log.segment.delete.delay.ms", Long.toString(config.disk().fileDeleteDelay().toMillis()));
    // Kafka waits 30 s before its first look, however short the interval.
    settings.put("log.initial.task.delay.ms", "1000");
    // Index files are preallocated; 10 MiB each would dwarf the segments.
    settings.put(
        "log.index.size.max.bytes",
        Integer.toString(Math.max(1 << 18, config.disk().segmentBytes() / 32)));
    settings.put("log.cleaner.backoff.ms", "1000");
    // 24 bytes a record: 150,000 records a pass, in place of a heap buffer of 128 MiB.
    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
    settings.put("log.cleaner.io.buffer.size", Integer.toString(128 << 10));
    settings.put("metadata.log.segment.bytes", Integer.toString(16 << 20));
  }

  private static void sessions(Map<String, String> settings) {
    // After a kill the controller refuses the new broker until the old one's session has run out.
    settings.put("broker.session.timeout.ms", "3000");
    settings.put("broker.heartbeat.interval.ms", "500");
  }

  private static void coordinators(EmbeddedKafkaConfig config, Map<String, String> settings) {
    String segment = Integer.toString(config.disk().segmentBytes());
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.segment.bytes", segment);
    settings.put("transaction.state.log.num.partitions", "1");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.segment.bytes", segment);
    settings.put("share.coordinator.state.topic.num.partitions", "4");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("share.coordinator.state.topic.segment.bytes", segment);
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("group.min.session.timeout.ms", "1000");
    settings.put("group.coordinator.threads", "1");
    settings.put("group.coordinator.background.threads", "1");
  }

  private static void shareGroups(Map<String, String> settings) {
    // Bounds only: what a group wants, it sets on itself.
    settings.put("group.share.min.record.lock.duration.ms", "1000");
    settings.put("group.share.max.partition.max.record.locks", "10000");
    settings.put("group.share.max.delivery.count.limit", "10");
    settings.put("group.share.min.session.timeout.ms", "2000");
    settings.put("group.share.min.heartbeat.interval.ms", "500");
    // A member hears of its partitions at its next heartbeat: with Kafka's 5 s, work starts 5 s
    // late.
    settings.put("group.share.heartbeat.interval.ms", "500");
    // New members share the load at once, not after up to a second.
    settings.put("group.share.assignment.interval.ms", "0");
  }

  private static void smallness(Map<String, String> settings) {
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    settings.put("background.threads", "2");
    settings.put("num.recovery.threads.per.data.dir", "2");
    settings.put("queued.max.requests", "128");
    // The operating system sizes buffers better than Kafka's fixed 100 KiB.
    settings.put("socket.send.buffer.bytes", "-1");
    settings.put("socket.receive.buffer.bytes", "-1");
    settings.put("metric.reporters", "");
    settings.put("metrics.jmx.exclude", ".*");
  }
}
