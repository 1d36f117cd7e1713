package io.ratatoskr.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What stands in the topics of a broker. */
final class Offsets implements AutoCloseable {
  private final Admin admin;
  private final KafkaConsumer<byte[], byte[]> consumer;

  Offsets(String bootstrap) {
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /** Records that were ever written to a topic. */
  long end(String topic) {
    return consumer.endOffsets(partitions(topic)).values().stream().mapToLong(Long::valueOf).sum();
  }

  /** Records that were ever written to the topics of such names. */
  long endOf(Predicate<String> names) throws ExecutionException, InterruptedException {
    return admin.listTopics().names().get().stream().filter(names).mapToLong(this::end).sum();
  }

  /** Bytes of the largest value in the topics whose names end so. */
  long largestValue(String ending) throws ExecutionException, InterruptedException {
    List<TopicPartition> partitions =
        admin.listTopics().names().get().stream()
            .filter(topic -> topic.endsWith(ending))
            .flatMap(topic -> partitions(topic).stream())
            .toList();
    if (partitions.isEmpty()) {
      throw new IllegalStateException("no topic ends in " + ending);
    }
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    long largest = 0;
    while (partitions.stream()
        .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
        largest = Math.max(largest, record.serializedValueSize());
      }
    }
    return largest;
  }

  private List<TopicPartition> partitions(String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .toList();
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
    consumer.close();
  }
}
