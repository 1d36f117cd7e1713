package io.ratatoskr.catalog;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic of one partition from its beginning, and goes on reading, on a thread of its own
 * and without a group. It begins anew where Kafka fails.
 */
public final class FollowedTopic implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedTopic.class);
  private static final Duration LONGEST_POLL = Duration.ofSeconds(1);

  private final Map<String, Object> kafka;
  private final String topic;
  private final Reader reader;
  private final Thread thread;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private volatile @Nullable KafkaConsumer<byte[], byte[]> reading;
  private volatile boolean closed;
  private volatile long position;

  /** Takes the records; called by one thread. */
  public interface Reader {
    /** The topic is read from its beginning, perhaps once more. */
    void begin();

    /**
     * Takes a record.
     *
     * @param old whether it was there when reading began
     */
    void read(ConsumerRecord<byte[], byte[]> record, boolean old);

    /** What was there when reading began has been read; called once after {@link #begin}. */
    void caughtUp();

    /**
     * Called after each look at the topic, once it has caught up.
     *
     * @return how many milliseconds from now it wants to be called again at the latest
     */
    long looked();
  }

  /**
   * A topic that is not followed yet.
   *
   * @param kafka properties of its consumer, {@code bootstrap.servers} and {@code client.id} among
   *     them
   */
  public FollowedTopic(String topic, Map<String, ?> kafka, Reader reader) {
    this.topic = topic;
    this.kafka = new HashMap<>(kafka);
    this.kafka.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    this.kafka.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    this.kafka.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    this.reader = reader;
    this.thread = new Thread(this::run, "follow-" + topic);
    thread.setDaemon(true);
  }

  /** Begins to follow. */
  public void start() {
    thread.start();
  }

  /** Waits until everything has been read that was there at the start; false if it takes longer. */
  public boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
    return caughtUp.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The offset below which everything has been read and looked at. */
  public long position() {
    return position;
  }

  private void run() {
    while (!closed) {
      try (KafkaConsumer<byte[], byte[]> consumer =
          new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        reading = consumer;
        follow(consumer);
      } catch (WakeupException e) {
        return;
      } catch (KafkaException e) {
        if (!closed) {
          LOG.warn("Cannot read {}; trying again", topic, e);
          pause();
        }
      }
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LONGEST_POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(KafkaConsumer<byte[], byte[]> consumer) {
    TopicPartition partition = new TopicPartition(topic, 0);
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    reader.begin();
    boolean old = true;
    long wait = 0;
    while (!closed) {
      long at = consumer.position(partition);
      if (old && at >= end) {
        old = false;
        reader.caughtUp();
      }
      if (!old) {
        wait = reader.looked();
        position = at;
        caughtUp.countDown();
      }
      Duration poll = Duration.ofMillis(Math.max(1, Math.min(wait, LONGEST_POLL.toMillis())));
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(poll)) {
        reader.read(record, record.offset() < end);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    KafkaConsumer<byte[], byte[]> consumer = reading;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
