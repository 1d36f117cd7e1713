package io.ratatoskr.catalog;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.SchemaRegistryException;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.WorkerStatus;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
 * Follows the workers' heartbeats on a thread of its own, and keeps what they say ready: a reader
 * takes one reference, the snapshot is made anew only when something changes. Thread-safe.
 *
 * <p>A heartbeat counts from when it came in, by this process's clock; of those that were there
 * already at the start, only the timestamp can tell how old they are. Time in which this process
 * stood still does not count, since the heartbeats of that time have not been looked at.
 */
public final class Catalog implements Supplier<CatalogSnapshot>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);
  private static final Duration LONGEST_POLL = Duration.ofSeconds(1);

  /** A longer time between two looks is a process that stood still. */
  private static final long LONGEST_LOOK_MS = 1_500;

  private final Map<String, Object> kafka;
  private final Clock clock;
  private final Codec<WorkerStatus> codec;
  private final Thread thread;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private volatile CatalogSnapshot snapshot = CatalogSnapshot.UNKNOWN;
  private volatile @Nullable KafkaConsumer<byte[], byte[]> reading;
  private volatile boolean closed;

  /** What of the clock's time this process stood still; only the thread's. */
  private long stoodStillMs;

  private long lookedMs;

  /**
   * A catalog that does not follow yet.
   *
   * @param kafka properties of its consumer, {@code bootstrap.servers} and {@code client.id} among
   *     them
   */
  public Catalog(Map<String, ?> kafka, SchemaIds ids, Clock clock) {
    this.kafka = new HashMap<>(kafka);
    this.kafka.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    this.kafka.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    this.kafka.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    this.clock = clock;
    this.codec = Codec.of(WorkerStatus.class, ids);
    this.thread = new Thread(this::run, "catalog");
    thread.setDaemon(true);
  }

  /** Begins to follow. */
  public void start() {
    thread.start();
  }

  /** The present snapshot. */
  @Override
  public CatalogSnapshot get() {
    return snapshot;
  }

  /** Waits until everything has been read that was there at the start; false if it takes longer. */
  public boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
    return caughtUp.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    lookedMs = clock.millis();
    while (!closed) {
      try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
        reading = consumer;
        follow(consumer);
      } catch (WakeupException e) {
        return;
      } catch (KafkaException e) {
        if (!closed) {
          LOG.warn("Cannot read {}; trying again", Topics.catalog(), e);
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
    TopicPartition partition = new TopicPartition(Topics.catalog(), 0);
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    Heartbeats heartbeats = new Heartbeats();
    boolean old = true;
    while (!closed) {
      if (old && consumer.position(partition) >= end) {
        old = false;
        heartbeats.followedSince(now());
      }
      if (!old) {
        snapshot = heartbeats.at(now());
        caughtUp.countDown();
      }
      long wait = Math.max(1, heartbeats.changesMs() - now() + 1);
      for (ConsumerRecord<byte[], byte[]> heartbeat :
          consumer.poll(Duration.ofMillis(Math.min(wait, LONGEST_POLL.toMillis())))) {
        apply(heartbeat, heartbeat.offset() < end, heartbeats);
      }
    }
  }

  /** The time without that in which this process stood still. */
  private long now() {
    long ms = clock.millis();
    stoodStillMs += Math.max(0, ms - lookedMs - LONGEST_LOOK_MS);
    lookedMs = ms;
    return ms - stoodStillMs;
  }

  private void apply(ConsumerRecord<byte[], byte[]> heartbeat, boolean old, Heartbeats heartbeats) {
    if (heartbeat.key() == null) {
      return;
    }
    String worker = new String(heartbeat.key(), StandardCharsets.UTF_8);
    if (heartbeat.value() == null) {
      heartbeats.left(worker);
      return;
    }
    try {
      WorkerStatus status = codec.decode(heartbeat.value(), heartbeat.headers());
      long now = now();
      heartbeats.heard(
          worker, status, old ? Math.min(now, heartbeat.timestamp() - stoodStillMs) : now);
    } catch (UndecodableRecordException | SchemaRegistryException e) {
      LOG.warn("The heartbeat at offset {} cannot be read: {}", heartbeat.offset(), e.getMessage());
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
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
