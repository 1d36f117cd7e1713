package io.ratatoskr.client;

import io.ratatoskr.schemas.Cancellation;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a lane's cancellations, each until a broker has it. Thread-safe; never blocks. */
final class CancellationSender {
  private static final Logger LOG = LoggerFactory.getLogger(CancellationSender.class);

  private final ClientContext context;
  private final Lane lane;
  private final String topic;
  private final LaneProducer producer;
  private final ScheduledExecutorService sender;
  private final Set<Outgoing> open = ConcurrentHashMap.newKeySet();

  /**
   * @param sender the lane's sender thread
   */
  CancellationSender(
      ClientContext context, Lane lane, LaneProducer producer, ScheduledExecutorService sender) {
    this.context = context;
    this.lane = lane;
    this.topic = Topics.cancellations(context.config().domain(), lane);
    this.producer = producer;
    this.sender = sender;
  }

  /** One cancellation on its way; it goes to the partition of its key, or to all of them. */
  private final class Outgoing {
    private final Cancellation cancellation;
    private final @Nullable Fingerprint key;
    private final CompletableFuture<Void> sent = new CompletableFuture<>();
    private int tries;

    Outgoing(Cancellation cancellation, @Nullable Fingerprint key) {
      this.cancellation = cancellation;
      this.key = key;
    }

    void send() {
      KafkaProducer<byte[], byte[]> sending = null;
      try {
        sending = producer.make();
        List<ProducerRecord<byte[], byte[]>> records = records(sending.partitionsFor(topic).size());
        AtomicInteger missing = new AtomicInteger(records.size());
        AtomicBoolean again = new AtomicBoolean();
        KafkaProducer<byte[], byte[]> used = sending;
        for (ProducerRecord<byte[], byte[]> record : records) {
          var unused =
              sending.send(
                  record,
                  (metadata, failure) -> {
                    if (failure != null) {
                      if (again.compareAndSet(false, true)) {
                        failed(used, failure);
                      }
                    } else if (missing.decrementAndGet() == 0) {
                      sent.complete(null);
                    }
                  });
        }
      } catch (InterruptException e) {
        sent.completeExceptionally(new ClientClosedException());
      } catch (KafkaException e) {
        failed(sending, e);
      }
    }

    private List<ProducerRecord<byte[], byte[]>> records(int partitions) {
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (int partition = 0; partition < partitions; partition++) {
        if (key == null || key.partition(partitions) == partition) {
          ProducerRecord<byte[], byte[]> record =
              new ProducerRecord<>(topic, partition, key == null ? null : key.toKey(), null);
          cancellation.writeTo(record.headers());
          records.add(record);
        }
      }
      return records;
    }

    private void failed(@Nullable KafkaProducer<byte[], byte[]> used, Exception failure) {
      Optional<RatatoskrException> lasting = KafkaClients.lasting(context.config(), topic, failure);
      if (lasting.isPresent()) {
        sent.completeExceptionally(lasting.get());
        return;
      }
      LOG.debug("Sending a cancellation to {} failed; trying again", topic, failure);
      producer.failed(used, failure);
      schedule(KafkaClients.pause(++tries, context.random()));
    }

    void schedule(long millis) {
      try {
        var unused = sender.schedule(this::send, millis, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        sent.completeExceptionally(new ClientClosedException());
      }
    }
  }

  /** Cancels a request that was sent, perhaps by another client. */
  CompletableFuture<Void> send(RequestId id, Fingerprint key) {
    return send(new Outgoing(new Cancellation.OfRequest(id), key));
  }

  /** Cancels the requests of a job. */
  CompletableFuture<Void> send(JobEpoch job) {
    return send(new Outgoing(new Cancellation.OfJob(job), null));
  }

  /** Cancels a call that was sent; ends it where the router cannot be told. */
  void send(Call<?> call) {
    var unused =
        send(call.id(), call.key())
            .whenComplete((done, failure) -> {
              if (failure != null && !(failure instanceof ClientClosedException)) {
                LOG.warn("{} is not cancelled: {}", call.id(), failure.getMessage());
                call.end(
                    new RequestFailedException(
                        InferenceError.cancelled(
                            "cancelled; the router could not be told: " + failure.getMessage())));
              }
            });
  }

  private CompletableFuture<Void> send(Outgoing outgoing) {
    context.metrics().cancelled(lane);
    open.add(outgoing);
    var unused = outgoing.sent.whenComplete((done, failure) -> open.remove(outgoing));
    outgoing.schedule(0);
    return outgoing.sent;
  }

  /** Waits until what was cancelled is known to a broker. */
  void flush(long millis) throws InterruptedException {
    try {
      CompletableFuture.allOf(
              open.stream().map(each -> each.sent).toArray(CompletableFuture<?>[]::new))
          .get(millis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("Closed before {} cancellations reached {}", open.size(), topic);
    }
  }
}
