package io.ratatoskr.worker;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Records that were polled and wait for a slot; each partition's in order. They are still the
 * group's: nothing of them is committed, so whoever gets the partition begins with them.
 */
final class Unclaimed {
  private final Map<TopicPartition, Deque<ConsumerRecord<byte[], byte[]>>> waiting =
      new LinkedHashMap<>();

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  int size() {
    return waiting.values().stream().mapToInt(Deque::size).sum();
  }

  void add(ConsumerRecords<byte[], byte[]> polled) {
    for (TopicPartition partition : polled.partitions()) {
      waiting
          .computeIfAbsent(partition, absent -> new ArrayDeque<>())
          .addAll(polled.records(partition));
    }
  }

  /** The partitions with records; the one whose turn is longest ago comes first. */
  List<TopicPartition> partitions() {
    return List.copyOf(waiting.keySet());
  }

  /** Those of a partition, in order. */
  Iterable<ConsumerRecord<byte[], byte[]>> of(TopicPartition partition) {
    return waiting.getOrDefault(partition, new ArrayDeque<>());
  }

  /** Forgets what others hold now. */
  void drop(Collection<TopicPartition> partitions) {
    waiting.keySet().removeAll(partitions);
  }

  /**
   * Forgets what is claimed.
   *
   * @param ends the offset after it, of each partition
   */
  void claimed(Map<TopicPartition, Long> ends) {
    ends.forEach((partition, end) -> {
      Deque<ConsumerRecord<byte[], byte[]>> records = waiting.remove(partition);
      if (records == null) {
        return;
      }
      while (!records.isEmpty() && records.peek().offset() < end) {
        records.remove();
      }
      if (!records.isEmpty()) {
        waiting.put(partition, records);
      }
    });
  }

  /** Has everything polled again, by us or by whom the partition belongs to now. */
  void rewind(Consumer<byte[], byte[]> consumer) {
    waiting.forEach((partition, records) -> {
      if (!records.isEmpty() && consumer.assignment().contains(partition)) {
        consumer.seek(partition, records.getFirst().offset());
      }
    });
    waiting.clear();
  }
}
