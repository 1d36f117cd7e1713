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
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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

  /** A longer time between two looks is a process that stood still. */
  private static final long LONGEST_LOOK_MS = 1_500;

  private final Clock clock;
  private final Codec<WorkerStatus> codec;
  private final FollowedTopic topic;
  private volatile CatalogSnapshot snapshot = CatalogSnapshot.UNKNOWN;

  /**
   * A catalog that does not follow yet.
   *
   * @param kafka properties of its consumer, {@code bootstrap.servers} and {@code client.id} among
   *     them
   */
  public Catalog(Map<String, ?> kafka, SchemaIds ids, Clock clock) {
    this.clock = clock;
    this.codec = Codec.of(WorkerStatus.class, ids);
    this.topic = new FollowedTopic(Topics.catalog(), kafka, new Following());
  }

  /** Begins to follow. */
  public void start() {
    topic.start();
  }

  /** The present snapshot. */
  @Override
  public CatalogSnapshot get() {
    return snapshot;
  }

  /** Waits until everything has been read that was there at the start; false if it takes longer. */
  public boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
    return topic.awaitCaughtUp(timeout);
  }

  private final class Following implements FollowedTopic.Reader {
    private Heartbeats heartbeats = new Heartbeats();

    /** What of the clock's time this process stood still. */
    private long stoodStillMs;

    private long lookedMs;

    @Override
    public void begin() {
      heartbeats = new Heartbeats();
      lookedMs = lookedMs == 0 ? clock.millis() : lookedMs;
    }

    @Override
    public void caughtUp() {
      heartbeats.followedSince(now());
    }

    @Override
    public long looked() {
      snapshot = heartbeats.at(now());
      return heartbeats.changesMs() - now() + 1;
    }

    /** The time without that in which this process stood still. */
    private long now() {
      long ms = clock.millis();
      stoodStillMs += Math.max(0, ms - lookedMs - LONGEST_LOOK_MS);
      lookedMs = ms;
      return ms - stoodStillMs;
    }

    @Override
    public void read(ConsumerRecord<byte[], byte[]> heartbeat, boolean old) {
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
        LOG.warn(
            "The heartbeat at offset {} cannot be read: {}", heartbeat.offset(), e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    topic.close();
  }
}
