package io.ratatoskr.launcher.operate;

import io.ratatoskr.launcher.command.Broker;
import io.ratatoskr.schemas.KafkaProperties;
import io.ratatoskr.schemas.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads topics of a pipeline without a group, so that nobody notices. For one thread. */
final class TopicReader implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(500);

  private final String bootstrap;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /**
   * @throws Broker.UnreachableException where no broker answers
   */
  TopicReader(String bootstrap, KafkaProperties kafka) {
    this.bootstrap = bootstrap;
    Broker.admin(bootstrap, kafka).close(); // says readably that nobody answers
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", bootstrap);
    properties.put("client.id", "ratatoskr-operator");
    properties.put("enable.auto.commit", false);
    properties.put("allow.auto.create.topics", false);
    properties.put("auto.offset.reset", "earliest");
    properties.put("max.partition.fetch.bytes", Limits.MESSAGE_BYTES);
    properties.put("default.api.timeout.ms", Long.toString(PATIENCE.toMillis()));
    this.consumer =
        new KafkaConsumer<>(
            kafka.over(properties), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** A topic that a command needs is not there. */
  static final class MissingTopicException extends RuntimeException {
    MissingTopicException(String topic, String bootstrap) {
      super(
          "topic "
              + topic
              + " does not exist on "
              + bootstrap
              + "; `ratatoskr topics create` makes it");
    }
  }

  /**
   * The number of a topic's partitions.
   *
   * @throws MissingTopicException if there is no such topic
   */
  int partitions(String topic) {
    int partitions = consumer.partitionsFor(topic).size();
    if (partitions == 0) {
      throw new MissingTopicException(topic, bootstrap);
    }
    return partitions;
  }

  /**
   * Reads what was written since a time, up to the end that the topic has now: the records of a
   * partition in their order.
   *
   * @throws MissingTopicException if there is no such topic
   */
  void read(String topic, Instant since, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    Set<TopicPartition> left = new HashSet<>();
    for (int partition = 0; partition < partitions(topic); partition++) {
      left.add(new TopicPartition(topic, partition));
    }
    consumer.assign(left);
    Map<TopicPartition, Long> ends = consumer.endOffsets(left);
    seek(left, ends, since);
    long heardNanos = System.nanoTime();
    while (true) {
      left.removeIf(partition -> consumer.position(partition) >= end(ends, partition));
      consumer.pause(
          ends.keySet().stream()
              .filter(partition -> !left.contains(partition))
              .collect(Collectors.toSet()));
      if (left.isEmpty()) {
        return;
      }
      var records = consumer.poll(POLL);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        heardNanos = System.nanoTime();
        if (record.offset() < end(ends, new TopicPartition(topic, record.partition()))) {
          each.accept(record);
        }
      }
      if (System.nanoTime() - heardNanos > PATIENCE.toNanos()) {
        throw new Broker.UnreachableException(bootstrap, new TimeoutException());
      }
    }
  }

  private void seek(Set<TopicPartition> partitions, Map<TopicPartition, Long> ends, Instant since) {
    consumer.seekToBeginning(partitions);
    if (since.equals(Instant.EPOCH)) {
      return;
    }
    Map<TopicPartition, OffsetAndTimestamp> from =
        consumer.offsetsForTimes(
            partitions.stream()
                .collect(Collectors.toMap(Function.identity(), key -> since.toEpochMilli())));
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp first = from.get(partition);
      consumer.seek(partition, first == null ? end(ends, partition) : first.offset());
    }
  }

  private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
    return ends.getOrDefault(partition, 0L);
  }

  /**
   * The record at a place; empty where the topic does not keep it any more, or not yet.
   *
   * @throws MissingTopicException if there is no such topic
   */
  Optional<ConsumerRecord<byte[], byte[]>> at(String topic, int partition, long offset) {
    if (partition >= partitions(topic)) {
      return Optional.empty();
    }
    TopicPartition place = new TopicPartition(topic, partition);
    consumer.assign(List.of(place));
    consumer.resume(List.of(place));
    if (offset >= end(consumer.endOffsets(List.of(place)), place)
        || offset < end(consumer.beginningOffsets(List.of(place)), place)) {
      return Optional.empty();
    }
    consumer.seek(place, offset);
    long startNanos = System.nanoTime();
    while (System.nanoTime() - startNanos < PATIENCE.toNanos()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        return record.offset() == offset ? Optional.of(record) : Optional.empty();
      }
    }
    throw new Broker.UnreachableException(bootstrap, new TimeoutException());
  }

  @Override
  public void close() {
    consumer.close();
  }
}
