package io.ratatoskr.client;

import io.ratatoskr.schemas.Cancellation;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the router that this client lives, while it waits for replies to requests that are to be
 * cancelled when it is lost. A renewal that fails is made up for by the next one.
 */
final class LeaseRenewal {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseRenewal.class);
  private static final int RENEWALS_IN_LEASE = 3;

  private final String topic;
  private final LaneProducer producer;
  private final ScheduledExecutorService sender;
  private final Duration lease;
  private final Set<Call<?>> calls = ConcurrentHashMap.newKeySet();
  private boolean renewing;

  /**
   * @param sender the lane's sender thread
   */
  LeaseRenewal(
      ClientContext context, Lane lane, LaneProducer producer, ScheduledExecutorService sender) {
    this.topic = Topics.cancellations(context.config().domain(), lane);
    this.producer = producer;
    this.sender = sender;
    this.lease = context.config().patience().lease();
  }

  /** Whether a call has a lease. */
  static boolean isFor(Call<?> call) {
    return call.options().onClientLoss() == OnClientLoss.CANCEL;
  }

  /** A call is about to be sent. To be called on the sender thread. */
  void begin(Call<?> call) {
    if (calls.add(call)) {
      renew(call);
    }
    if (!renewing) {
      renewing = true;
      long millis = lease.toMillis() / RENEWALS_IN_LEASE;
      var unused =
          sender.scheduleWithFixedDelay(this::renewAll, millis, millis, TimeUnit.MILLISECONDS);
    }
  }

  /** Nobody waits for a call's reply any more. */
  void end(Call<?> call) {
    calls.remove(call);
  }

  private void renewAll() {
    calls.removeIf(Call::isEnded);
    calls.forEach(this::renew);
  }

  private void renew(Call<?> call) {
    try {
      KafkaProducer<byte[], byte[]> sending = producer.make();
      int partition = call.key().partition(sending.partitionsFor(topic).size());
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topic, partition, call.key().toKey(), null);
      new Cancellation.UnlessRenewed(call.id(), lease).writeTo(record.headers());
      var unused =
          sending.send(
              record,
              (metadata, failure) -> {
                if (failure != null) {
                  failed(call, failure);
                }
              });
    } catch (KafkaException e) {
      failed(call, e);
    }
  }

  private void failed(Call<?> call, Exception failure) {
    LOG.warn("The lease of {} could not be renewed on {}", call.id(), topic, failure);
  }
}
