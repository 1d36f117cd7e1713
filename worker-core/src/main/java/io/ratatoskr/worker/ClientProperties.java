package io.ratatoskr.worker;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Limits;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The Kafka clients of a worker, each with the properties that its use needs; the configuration's
 * win.
 */
record ClientProperties(WorkerConfig config) {
  /** A broker that is back shall be found at once: clients otherwise wait up to 1 s and 10 s. */
  private static final int RECONNECT_MAX_MS = 500;

  /** Shorter than any work waits; a publisher tries again afterwards. */
  private static final int BLOCKED_MS = 5_000;

  private Map<String, Object> common(String role) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_MAX_MS);
    properties.put(CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG, RECONNECT_MAX_MS);
    properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, config.workerId() + "-" + role);
    return properties;
  }

  Admin admin() {
    Map<String, Object> properties = common("admin");
    properties.remove(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG);
    return Admin.create(config.kafka().over(properties));
  }

  KafkaProducer<byte[], byte[]> producer() {
    Map<String, Object> properties = common("results");
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Limits.MESSAGE_BYTES);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCKED_MS);
    return new KafkaProducer<>(
        config.kafka().over(properties), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private Map<String, Object> consumer(String role) {
    Map<String, Object> properties = common(role);
    properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    return properties;
  }

  /** Takes exactly what a poll asks for, so that what it does not hold stays with the others. */
  KafkaShareConsumer<byte[], byte[]> shareConsumer(
      Lane lane, String queue, int thread, int records) {
    Map<String, Object> properties = consumer(role("share", lane, queue) + "-" + thread);
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, shareGroup(lane, queue));
    properties.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
    properties.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, records);
    return new KafkaShareConsumer<>(
        config.kafka().over(properties), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** The classic protocol: the newer one's shortest session is 45 s. */
  KafkaConsumer<byte[], byte[]> claimConsumer(Lane lane, String queue, int records) {
    Map<String, Object> properties = consumer(role("claim", lane, queue));
    properties.put(
        ConsumerConfig.GROUP_ID_CONFIG, WorkerConfig.claimGroup(config.pool(), lane, queue));
    properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
    properties.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    Duration session = config.sessionTimeout();
    properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) session.toMillis());
    properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int) session.toMillis() / 4);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, records);
    return new KafkaConsumer<>(
        config.kafka().over(properties), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  KafkaConsumer<byte[], byte[]> abortsConsumer() {
    Map<String, Object> properties = consumer("aborts");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return new KafkaConsumer<>(
        config.kafka().over(properties), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  KafkaConsumer<byte[], byte[]> sourceConsumer() {
    Map<String, Object> properties = consumer("source");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    // One record is wanted, not the backlog behind it.
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Limits.REQUEST_BYTES);
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Limits.REQUEST_BYTES);
    return new KafkaConsumer<>(
        config.kafka().over(properties), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** The two kinds have names of their own, since a group never changes its kind. */
  String shareGroup(Lane lane, String queue) {
    return WorkerConfig.shareGroup(config.pool(), lane, queue);
  }

  private static String role(String taking, Lane lane, String queue) {
    return taking + "-" + lane.topicName() + (queue.isEmpty() ? "" : "-" + queue);
  }
}
