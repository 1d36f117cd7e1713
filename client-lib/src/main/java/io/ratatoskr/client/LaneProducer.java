package io.ratatoskr.client;

import io.ratatoskr.schemas.Lane;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The producer of a lane, made when it is first needed and replaced when a failure has left it
 * unusable. Made and replaced on the lane's sender thread alone.
 */
final class LaneProducer {
  private static final Logger LOG = LoggerFactory.getLogger(LaneProducer.class);

  private final ClientConfig config;
  private final Lane lane;
  private final Executor sender;
  private volatile @Nullable KafkaProducer<byte[], byte[]> producer;

  /**
   * @param sender runs on one thread
   */
  LaneProducer(ClientConfig config, Lane lane, Executor sender) {
    this.config = config;
    this.lane = lane;
    this.sender = sender;
  }

  /** The producer, if there is one now. */
  @Nullable KafkaProducer<byte[], byte[]> current() {
    return producer;
  }

  /** The producer. To be called on the sender thread. */
  KafkaProducer<byte[], byte[]> make() {
    KafkaProducer<byte[], byte[]> made = producer;
    if (made == null) {
      made = KafkaClients.producer(config, lane, "ratatoskr-" + lane.topicName());
      producer = made;
    }
    return made;
  }

  /** A send failed; closes a producer that can send no more. The next send makes another one. */
  void failed(@Nullable KafkaProducer<byte[], byte[]> used, Exception failure) {
    if (used == null || failure instanceof RetriableException) {
      return;
    }
    try {
      sender.execute(() -> {
        if (used.equals(producer)) {
          producer = null;
          used.close(Duration.ZERO);
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.debug("Closed; the producer goes with it");
    }
  }

  /** Closes it without waiting for what is unsent. */
  void close() {
    KafkaProducer<byte[], byte[]> made = producer;
    if (made != null) {
      made.close(Duration.ZERO);
    }
  }
}
