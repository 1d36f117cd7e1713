package io.ratatoskr.bench;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * When each record of the interactive path was written, in the order of the path's topics. Reads
 * along, since records that are done with are deleted soon; so it slows what it watches a little.
 */
final class HopTimes implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);

  private final List<String> path =
      List.of(
          Topics.requests(Domain.DEFAULT, Lane.INTERACTIVE, Capability.EMBED),
          Topics.work(
              Lane.INTERACTIVE, Pools.standard().serving(Capability.EMBED).getFirst().name()),
          Topics.results(Lane.INTERACTIVE),
          Topics.replies(Domain.DEFAULT, Lane.INTERACTIVE));
  private final Map<String, List<Long>> millis = new ConcurrentHashMap<>();
  private final CountDownLatch positioned = new CountDownLatch(1);
  private final Thread reader;
  private volatile boolean closed;

  HopTimes(String bootstrap) throws InterruptedException {
    path.forEach(topic -> millis.put(topic, new CopyOnWriteArrayList<>()));
    this.reader = Thread.ofPlatform().daemon().name("hop-times").start(() -> read(bootstrap));
    positioned.await();
  }

  private void read(String bootstrap) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          path.stream()
              .flatMap(topic -> consumer.partitionsFor(topic).stream())
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      partitions.forEach(consumer::position);
      positioned.countDown();
      while (!closed) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          times(record.topic()).add(record.timestamp());
        }
      }
    }
  }

  /**
   * Epoch milliseconds of {@code count} requests that were sent one after another.
   *
   * @return for each request, in order, its request, work, result and reply record
   */
  List<long[]> of(int count) throws InterruptedException {
    long begin = System.nanoTime();
    while (path.stream().anyMatch(topic -> times(topic).size() < count)) {
      if (System.nanoTime() - begin > Duration.ofSeconds(10).toNanos()) {
        throw new IllegalStateException("not every record of the path was seen");
      }
      Thread.sleep(20);
    }
    List<List<Long>> sorted =
        path.stream().map(topic -> times(topic).stream().sorted().toList()).toList();
    List<long[]> times = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int request = i;
      times.add(sorted.stream().mapToLong(topic -> topic.get(request)).toArray());
    }
    return times;
  }

  private List<Long> times(String topic) {
    return Objects.requireNonNull(millis.get(topic));
  }

  @Override
  public void close() {
    closed = true;
    try {
      reader.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
