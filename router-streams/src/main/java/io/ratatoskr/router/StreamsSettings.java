package io.ratatoskr.router;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Limits;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The settings of a lane's Kafka Streams client, each with its reason where it has one; the
 * configuration's win.
 */
final class StreamsSettings {
  private StreamsSettings() {}

  /** A broker that is back shall be found at once: clients otherwise wait up to a second. */
  private static final int RECONNECT_MAX_MS = 500;

  /** Below the longest time between polls, after which the group drops a member. */
  private static final int BLOCKED_MS = 240_000;

  static Properties of(Lane lane, RouterConfig config) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(StreamsConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_MAX_MS);
    properties.put(CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG, RECONNECT_MAX_MS);
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, config.application(lane));
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrap());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.lane(lane).threads());
    properties.put(
        StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) config.deployment().replicationFactor());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    properties.put(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.streams().commitInterval().toMillis());
    properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 0);
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    // Never wait for a topic that is empty just now: the order between topics has no meaning here.
    properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
    properties.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, AppendTime.class);
    properties.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, RefusedSends.class);
    properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedRocksMemory.class);
    properties.put(SharedRocksMemory.BYTES, config.streams().storeMemory());
    // There is no global thread; the key only keeps Kafka from warning of that.
    properties.put("processing.exception.handler.global.enabled", true);

    consumer(properties, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consumer(properties, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
    consumer(properties, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_500);
    consumer(properties, ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Limits.MESSAGE_BYTES);
    // What suits a lane is measured on one machine; whoever knows better may say so.
    consumer(properties, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, pollRecords(lane));
    consumer(properties, ConsumerConfig.FETCH_MAX_BYTES_CONFIG, fetchBytes(lane));
    producer(properties, ProducerConfig.LINGER_MS_CONFIG, lingerMs(lane));
    // While the brokers are away a record waits. Given up, it would take its task's state along.
    producer(properties, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
    producer(properties, ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCKED_MS);
    properties.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, Duration.ofDays(7).toMillis());
    // Records of the largest size with their headers and the batch around them.
    producer(properties, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Limits.MESSAGE_BYTES);
    Properties all = new Properties();
    all.putAll(config.kafka().over(properties));
    return all;
  }

  /**
   * Most records of one poll. A thread handles all that it holds before it polls again, so a burst
   * of requests stands before the results that come meanwhile for as long as these take.
   */
  private static int pollRecords(Lane lane) {
    return switch (lane) {
      case INTERACTIVE -> 100;
      case BULK -> 1_000;
    };
  }

  /**
   * How long a record may wait for others to travel with. Nobody waits for a single bulk request,
   * and fewer, larger batches leave the processors to what is decided: half as many requests again
   * are settled a second.
   */
  private static int lingerMs(Lane lane) {
    return switch (lane) {
      case INTERACTIVE -> 0;
      case BULK -> 5;
    };
  }

  private static int fetchBytes(Lane lane) {
    return switch (lane) {
      case INTERACTIVE -> 2 * 1024 * 1024;
      case BULK -> 16 * 1024 * 1024;
    };
  }

  private static void consumer(Map<String, Object> properties, String key, Object value) {
    properties.put(StreamsConfig.consumerPrefix(key), value);
  }

  private static void producer(Map<String, Object> properties, String key, Object value) {
    properties.put(StreamsConfig.producerPrefix(key), value);
  }

  /** Small segments and quick compaction: a flight's entries live minutes. */
  static Map<String, String> changelogTopic() {
    return Map.of(
        TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(16 * 1024 * 1024),
        TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.3",
        TopicConfig.DELETE_RETENTION_MS_CONFIG, "60000");
  }
}
