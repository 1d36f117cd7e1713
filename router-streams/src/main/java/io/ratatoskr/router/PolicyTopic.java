package io.ratatoskr.router;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.policy.PolicyFile;
import io.ratatoskr.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The topic of policies, for commands: one record, key {@value #KEY}, whose value is a policy's
 * text. The latest one holds in every router; a tombstone gives back that of the configuration.
 *
 * @param kafka properties of its clients, {@code bootstrap.servers} among them
 * @param patience longest wait for a broker
 */
public record PolicyTopic(Map<String, Object> kafka, Duration patience) {
  private static final String KEY = "policy";

  /** Keeps a copy. */
  public PolicyTopic {
    kafka = Map.copyOf(kafka);
  }

  /**
   * The text of the policy that holds; empty where that of each router's configuration does.
   *
   * @throws org.apache.kafka.common.KafkaException if the topic cannot be read within the patience
   */
  public Optional<String> read() {
    Map<String, Object> properties = new HashMap<>(kafka);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(
        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(patience.toMillis()));
    TopicPartition partition = new TopicPartition(Topics.policy(), 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      byte[] latest = null;
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> policy : consumer.poll(patience)) {
          latest = policy.value();
        }
      }
      return Optional.ofNullable(latest).map(text -> new String(text, UTF_8));
    }
  }

  /**
   * Puts a policy in force.
   *
   * @throws TimeoutException if no broker took it within the patience
   * @throws ExecutionException if the broker refused it
   */
  public void apply(PolicyFile policy)
      throws InterruptedException, ExecutionException, TimeoutException {
    send(policy.text().getBytes(UTF_8));
  }

  /**
   * Puts the policies of the routers' configurations in force again.
   *
   * @throws TimeoutException if no broker took it within the patience
   * @throws ExecutionException if the broker refused it
   */
  public void withdraw() throws InterruptedException, ExecutionException, TimeoutException {
    send(null);
  }

  private void send(byte @Nullable [] value)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, Object> properties = new HashMap<>(kafka);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, patience.toMillis());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>(Topics.policy(), 0, KEY.getBytes(UTF_8), value))
          .get(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
