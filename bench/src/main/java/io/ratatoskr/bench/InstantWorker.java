package io.ratatoskr.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Answers each record of some topics at once, out of one thread. */
final class InstantWorker implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param topics read from where they end now
   * @param answer makes of each record what is sent
   */
  InstantWorker(
      String bootstrap,
      List<String> topics,
      Function<ConsumerRecord<byte[], byte[]>, ProducerRecord<byte[], byte[]>> answer) {
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("instant-worker")
            .start(() -> work(bootstrap, topics, answer));
  }

  private void work(
      String bootstrap,
      List<String> topics,
      Function<ConsumerRecord<byte[], byte[]>, ProducerRecord<byte[], byte[]>> answer) {
    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "linger.ms", "0", "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      List<TopicPartition> partitions =
          topics.stream()
              .flatMap(topic -> consumer.partitionsFor(topic).stream())
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      while (!closed) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          var _ = producer.send(answer.apply(record));
        }
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
