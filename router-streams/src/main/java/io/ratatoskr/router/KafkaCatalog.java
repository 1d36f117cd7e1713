package io.ratatoskr.router;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.SchemaRegistryException;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.ModelStatus;
import io.ratatoskr.schemas.wire.WorkerStatus;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
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
 * Reads the catalog topic on a thread of its own. A worker is alive for three seconds after its
 * heartbeat came in, by this process's clock; of heartbeats that were there already at the start,
 * only the timestamp can tell how old they are.
 */
final class KafkaCatalog implements Catalog, AutoCloseable {
  static final long ALIVE_MS = 3_000;

  private static final Logger LOG = LoggerFactory.getLogger(KafkaCatalog.class);

  private record Seen(WorkerStatus status, long atMs) {}

  private final RouterConfig config;
  private final Clock clock;
  private final Codec<WorkerStatus> codec;
  private final Thread thread;
  private volatile Map<String, Seen> workers = Map.of();
  private volatile long readingSinceMs = Long.MAX_VALUE;
  private volatile @Nullable KafkaConsumer<byte[], byte[]> reading;
  private volatile boolean closed;

  KafkaCatalog(RouterConfig config, Codec<WorkerStatus> codec, Clock clock) {
    this.config = config;
    this.clock = clock;
    this.codec = codec;
    this.thread = Thread.ofPlatform().daemon().name("router-catalog").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  @Override
  public boolean isGone(String worker) {
    long now = clock.millis();
    if (now - ALIVE_MS < readingSinceMs) {
      return false;
    }
    Seen seen = workers.get(worker);
    return seen == null || now - seen.atMs() > ALIVE_MS;
  }

  @Override
  public Pool pool(String name) {
    long now = clock.millis();
    int alive = 0;
    Set<String> models = new HashSet<>();
    Set<String> ready = new HashSet<>();
    Set<String> loading = new HashSet<>();
    Map<String, String> unavailable = new HashMap<>();
    for (Seen seen : workers.values()) {
      if (!seen.status().getPool().equals(name)) {
        continue;
      }
      boolean isAlive = now - seen.atMs() <= ALIVE_MS;
      alive += isAlive ? 1 : 0;
      for (ModelStatus model : seen.status().getModels()) {
        models.add(model.getId());
        if (isAlive) {
          switch (model.getState()) {
            case READY -> ready.add(model.getId());
            case LOADING -> loading.add(model.getId());
            case UNAVAILABLE ->
                unavailable.put(
                    model.getId(),
                    Objects.requireNonNullElse(model.getReason(), "no reason given"));
          }
        }
      }
    }
    unavailable.keySet().removeAll(ready);
    unavailable.keySet().removeAll(loading);
    return new Pool(alive, models, ready, unavailable);
  }

  private void run() {
    while (!closed) {
      try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
        reading = consumer;
        read(consumer);
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
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read(KafkaConsumer<byte[], byte[]> consumer) {
    TopicPartition partition = new TopicPartition(Topics.catalog(), 0);
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    Map<String, Seen> seen = new HashMap<>();
    while (!closed) {
      boolean old = consumer.position(partition) < end;
      if (!old && readingSinceMs == Long.MAX_VALUE) {
        workers = Map.copyOf(seen);
        readingSinceMs = clock.millis();
      }
      boolean changed = false;
      for (ConsumerRecord<byte[], byte[]> heartbeat : consumer.poll(Duration.ofSeconds(1))) {
        changed |= apply(heartbeat, heartbeat.offset() < end, seen);
      }
      if (changed) {
        workers = Map.copyOf(seen);
      }
    }
  }

  private boolean apply(
      ConsumerRecord<byte[], byte[]> heartbeat, boolean old, Map<String, Seen> seen) {
    if (heartbeat.key() == null) {
      return false;
    }
    String worker = new String(heartbeat.key(), StandardCharsets.UTF_8);
    if (heartbeat.value() == null) {
      return seen.remove(worker) != null;
    }
    try {
      WorkerStatus status = codec.decode(heartbeat.value(), heartbeat.headers());
      seen.put(worker, new Seen(status, old ? heartbeat.timestamp() : clock.millis()));
      return true;
    } catch (UndecodableRecordException | SchemaRegistryException e) {
      LOG.warn("The heartbeat at offset {} cannot be read: {}", heartbeat.offset(), e.getMessage());
      return false;
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    Properties properties = new Properties();
    properties.putAll(config.kafka().values());
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrap());
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, config.streams().applicationId() + "-catalog");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
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
