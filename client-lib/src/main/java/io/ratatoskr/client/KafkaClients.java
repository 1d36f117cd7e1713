package io.ratatoskr.client;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Limits;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The Kafka clients of one lane, as this library wants them. */
final class KafkaClients {
  /** Longest a send looks for its topic before it is said to be missing. */
  static final int TOPIC_PATIENCE_MS = 3_000;

  /** A broker that is back shall be found at once: clients otherwise wait up to a second. */
  private static final int RECONNECT_MAX_MS = 500;

  private static final long FIRST_PAUSE_MS = 100;
  private static final long LONGEST_PAUSE_MS = 5_000;

  private KafkaClients() {}

  static KafkaProducer<byte[], byte[]> producer(ClientConfig config, Lane lane, String clientId) {
    Map<String, Object> properties = common(config, clientId);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, config.sending().linger().toMillis());
    properties.put(
        ProducerConfig.COMPRESSION_TYPE_CONFIG,
        lane == Lane.BULK ? config.sending().bulkCompression() : "none");
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Limits.MESSAGE_BYTES);
    // All that may be in flight: a full buffer would let what may go wait for what is unsent.
    properties.put(
        ProducerConfig.BUFFER_MEMORY_CONFIG,
        Math.max(32L << 20, 2 * config.inFlight().bytes() * Capability.values().length));
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TOPIC_PATIENCE_MS);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
    return new KafkaProducer<>(
        config.kafka().over(properties), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** The properties of a consumer that is made elsewhere. */
  static Map<String, Object> reading(ClientConfig config, String clientId) {
    return config.kafka().over(common(config, clientId));
  }

  static KafkaConsumer<byte[], byte[]> consumer(ClientConfig config, String clientId) {
    Map<String, Object> properties = common(config, clientId);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // The position is set before reading; only a trimmed or recreated log makes it invalid.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Limits.MESSAGE_BYTES);
    return new KafkaConsumer<>(
        config.kafka().over(properties), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** The failure of a call whose record a topic will not take, also if it is sent again. */
  static Optional<RatatoskrException> lasting(
      ClientConfig config, String topic, Exception failure) {
    if (failure instanceof AuthorizationException) {
      return Optional.of(PipelineUnreachableException.forbidden(config, topic, failure));
    }
    if (failure instanceof InvalidTopicException
        || failure.getCause() instanceof UnknownTopicOrPartitionException) {
      return Optional.of(PipelineUnreachableException.missing(config, topic));
    }
    if (failure instanceof RecordTooLargeException) {
      return Optional.of(
          new RequestFailedException(
              InferenceError.tooLarge(
                  0, Limits.MESSAGE_BYTES, topic + " takes no record of this size")));
    }
    return Optional.empty();
  }

  /** Milliseconds to wait after so many failed sends of a record. */
  static long pause(int sends, RandomGenerator random) {
    long longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(sends, 10));
    return longest / 2 + random.nextLong(longest / 2);
  }

  private static Map<String, Object> common(ClientConfig config, String clientId) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrap());
    properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
    properties.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
    properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_MAX_MS);
    properties.put(CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG, RECONNECT_MAX_MS);
    return properties;
  }
}
