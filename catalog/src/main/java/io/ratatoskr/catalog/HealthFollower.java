package io.ratatoskr.catalog;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.SchemaRegistryException;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.CircuitStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what the routers say of how models did, on a thread of its own, and keeps it ready: a
 * reader takes one reference, the snapshot is made anew only when something changes. Thread-safe.
 */
public final class HealthFollower implements Supplier<HealthSnapshot>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HealthFollower.class);
  private static final long WHENEVER_MS = Long.MAX_VALUE;

  private final Codec<CircuitStatus> codec;
  private final FollowedTopic topic;
  private final Consumer<HealthSnapshot> changes;
  private volatile HealthSnapshot snapshot = HealthSnapshot.UNKNOWN;

  /**
   * A follower that does not follow yet.
   *
   * @param kafka properties of its consumer, {@code bootstrap.servers} and {@code client.id} among
   *     them
   * @param changes told each new snapshot, by the follower's thread
   */
  public HealthFollower(Map<String, ?> kafka, SchemaIds ids, Consumer<HealthSnapshot> changes) {
    this.changes = changes;
    this.codec = Codec.of(CircuitStatus.class, ids);
    this.topic = new FollowedTopic(Topics.health(), kafka, new Following());
  }

  /** Begins to follow. */
  public void start() {
    topic.start();
  }

  /** Waits until everything has been read that was there at the start; false if it takes longer. */
  public boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
    return topic.awaitCaughtUp(timeout);
  }

  /** The present snapshot. */
  @Override
  public HealthSnapshot get() {
    return snapshot;
  }

  /** Whether the snapshot holds everything below that offset of {@link Topics#health}. */
  public boolean hasRead(long offset) {
    return topic.position() >= offset;
  }

  private final class Following implements FollowedTopic.Reader {
    private final Map<ModelOfPool, Standing> standings = new HashMap<>();
    private boolean changed;

    @Override
    public void begin() {
      standings.clear();
      changed = true;
    }

    @Override
    public void read(ConsumerRecord<byte[], byte[]> record, boolean old) {
      if (record.key() == null) {
        return;
      }
      ModelOfPool.ofKey(new String(record.key(), StandardCharsets.UTF_8))
          .ifPresent(of -> {
            if (record.value() == null) {
              changed |= standings.remove(of) != null;
              return;
            }
            try {
              standings.put(of, Standing.ofWire(codec.decode(record.value(), record.headers())));
              changed = true;
            } catch (UndecodableRecordException | SchemaRegistryException e) {
              LOG.warn(
                  "The health at offset {} cannot be read: {}", record.offset(), e.getMessage());
            }
          });
    }

    @Override
    public void caughtUp() {}

    @Override
    public long looked() {
      if (changed) {
        snapshot = new HealthSnapshot(standings);
        changes.accept(snapshot);
        changed = false;
      }
      return WHENEVER_MS;
    }
  }

  @Override
  public void close() {
    topic.close();
  }
}
