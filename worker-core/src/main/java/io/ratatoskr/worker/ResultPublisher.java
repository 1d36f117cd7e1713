package io.ratatoskr.worker;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.DeadLetters;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.chat.TokenUsage;
import io.ratatoskr.schemas.wire.Answered;
import io.ratatoskr.schemas.wire.DeadLetter;
import io.ratatoskr.schemas.wire.Loading;
import io.ratatoskr.schemas.wire.Provenance;
import io.ratatoskr.schemas.wire.Rejected;
import io.ratatoskr.schemas.wire.RequestCopy;
import io.ratatoskr.schemas.wire.Retryable;
import io.ratatoskr.schemas.wire.Source;
import io.ratatoskr.schemas.wire.Started;
import io.ratatoskr.schemas.wire.Timings;
import io.ratatoskr.schemas.wire.WorkResult;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts outcomes on {@code results} and what cannot be decoded on {@code dead-letters}. All calls
 * but {@link #send(Delivery, Outcome)} return when the broker has acknowledged the record, however
 * long that takes: an outcome in hand is never given up while the worker runs. Thread-safe.
 */
final class ResultPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(ResultPublisher.class);
  private static final Duration AGAIN_AFTER = Duration.ofMillis(500);

  private final Producer<byte[], byte[]> producer;
  private final String workerId;
  private final Clock clock;
  private final WorkerMetrics metrics;
  private final Codec<WorkResult> results;
  private final Codec<DeadLetter> deadLetters;

  ResultPublisher(
      Producer<byte[], byte[]> producer,
      WorkerCodecs codecs,
      String workerId,
      Clock clock,
      WorkerMetrics metrics) {
    this.producer = producer;
    this.results = codecs.results();
    this.deadLetters = codecs.deadLetters();
    this.workerId = workerId;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Says that this worker has taken the attempts for itself. */
  void started(List<Delivery> deliveries) throws InterruptedException {
    List<CompletableFuture<Void>> sent =
        deliveries.stream()
            .map(delivery -> sendOnce(record(delivery, new Started(clock.millis()), null)))
            .toList();
    for (int i = 0; i < sent.size(); i++) {
      try {
        sent.get(i).get();
      } catch (ExecutionException e) {
        LOG.warn("Publishing a claim failed; trying again", e.getCause());
        send(record(deliveries.get(i), new Started(clock.millis()), null));
      }
    }
  }

  /** Says what became of the attempt. */
  void outcome(Delivery delivery, Outcome outcome) throws InterruptedException {
    Outcome sent = fitting(outcome);
    try {
      send(record(delivery, wire(delivery, sent), copy(delivery, sent)));
    } catch (RecordTooLargeException e) {
      sent = tooLarge(sent);
      send(record(delivery, wire(delivery, sent), null));
    }
    metrics.settled(delivery, sent, clock.millis());
  }

  /**
   * Sends the outcome once, without waiting for the broker.
   *
   * @return completes when the broker has acknowledged it; exceptionally where {@link #outcome} has
   *     to see to it
   */
  CompletableFuture<Void> send(Delivery delivery, Outcome outcome) {
    Outcome sent = fitting(outcome);
    return sendOnce(record(delivery, wire(delivery, sent), copy(delivery, sent)))
        .thenRun(() -> metrics.settled(delivery, sent, clock.millis()));
  }

  /** Completes when the broker has acknowledged it, exceptionally where that failed. */
  private CompletableFuture<Void> sendOnce(ProducerRecord<byte[], byte[]> record) {
    CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    try {
      var _ =
          producer.send(
              record,
              (at, failure) -> {
                if (failure == null) {
                  acknowledged.complete(null);
                } else {
                  acknowledged.completeExceptionally(failure);
                }
              });
    } catch (KafkaException e) {
      acknowledged.completeExceptionally(e);
    }
    return acknowledged;
  }

  private static Outcome fitting(Outcome outcome) {
    return outcome instanceof Outcome.Answered answered
            && answered.payload().length > Limits.REPLY_BYTES
        ? tooLarge(outcome)
        : outcome;
  }

  private static Outcome tooLarge(Outcome outcome) {
    int bytes = outcome instanceof Outcome.Answered answered ? answered.payload().length : 0;
    return new Outcome.Rejected(InferenceError.tooLargeReply(bytes, "ask for fewer items at once"));
  }

  private Object wire(Delivery delivery, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered ->
          new Answered(
              ByteBuffer.wrap(answered.payload()),
              provenance(answered.answerer()),
              timings(delivery),
              answered.firstTokenMs(),
              answered.usage().equals(TokenUsage.unknown()) ? null : answered.usage().toWire());
      case Outcome.Retryable retryable -> new Retryable(retryable.error().toWire());
      case Outcome.Rejected rejected -> new Rejected(rejected.error().toWire());
      case Outcome.Loading loading -> new Loading(loading.model());
    };
  }

  private Provenance provenance(Outcome.Answerer answerer) {
    return Provenance.newBuilder()
        .setProvider(answerer.provider())
        .setModel(answerer.model())
        .setRevision(answerer.revision())
        .setWorker(workerId)
        .setLocation(answerer.remote() ? Location.REMOTE : Location.LOCAL)
        .setLlm(answerer.llm())
        .build();
  }

  private Timings timings(Delivery delivery) {
    return Timings.newBuilder()
        .setQueueMs(Math.max(0, delivery.takenMs() - delivery.item().getDispatchedMs()))
        .setExecutionMs(Math.max(0, clock.millis() - delivery.takenMs()))
        .build();
  }

  /** The request, where a dead letter may become of it. */
  private static @Nullable RequestCopy copy(Delivery delivery, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Retryable retryable when retryable.error().isOfService() -> delivery.copy();
      case Outcome.Rejected rejected when rejected.error().isOfService() -> delivery.copy();
      case Outcome.Retryable retryable -> null;
      case Outcome.Rejected rejected -> null;
      case Outcome.Answered answered -> null;
      case Outcome.Loading loading -> null;
    };
  }

  /**
   * The record of an outcome: with the work's key, on the request's partition, so that the flight's
   * own task reads it.
   */
  private ProducerRecord<byte[], byte[]> record(
      Delivery delivery, Object outcome, @Nullable RequestCopy request) {
    WorkResult result =
        WorkResult.newBuilder()
            .setGeneration(delivery.item().getGeneration())
            .setAttempt(delivery.item().getAttempt())
            .setLink(delivery.item().getLink())
            .setSource(delivery.item().getSource())
            .setWorker(workerId)
            .setExecution(delivery.execution())
            .setOutcome(outcome)
            .setRequest(request)
            .build();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            Topics.results(delivery.lane()),
            delivery.item().getSource().getPartition(),
            delivery.record().key(),
            results.encode(result));
    results.describe(record.headers());
    return record;
  }

  /** Whether results of that partition can be sent at all; asks the broker at most now and then. */
  boolean hasPartition(Lane lane, int partition) throws InterruptedException {
    return partition >= 0 && partition < partitions(Topics.results(lane));
  }

  private int partitions(String topic) throws InterruptedException {
    while (true) {
      try {
        return producer.partitionsFor(topic).size();
      } catch (InterruptException e) {
        throw interrupted(e);
      } catch (KafkaException e) {
        LOG.warn("Topic {} cannot be looked up; trying again", topic, e);
        Thread.sleep(AGAIN_AFTER);
      }
    }
  }

  /** Keeps work that nobody can decode, with its origin and the reason. */
  void deadLetter(ConsumerRecord<byte[], byte[]> record, InferenceError fault)
      throws InterruptedException {
    keep(
        record.key(),
        DeadLetters.of(
            new DeadLetters.Origin(record.topic(), record.partition(), record.offset()),
            record.timestamp(),
            record.key(),
            record.value(),
            record.headers(),
            fault));
  }

  /** Keeps a request that nobody can decode, with its origin and the reason. */
  void deadLetter(Delivery delivery, SourceReader.Payload payload, InferenceError fault)
      throws InterruptedException {
    ConsumerRecord<byte[], byte[]> record = delivery.record();
    Source source = delivery.item().getSource();
    keep(
        record.key(),
        DeadLetters.of(
            new DeadLetters.Origin(source.getTopic(), source.getPartition(), source.getOffset()),
            record.timestamp(),
            record.key(),
            payload.value(),
            payload.ownHeaders(),
            fault));
  }

  private void keep(byte @Nullable [] key, DeadLetter letter) throws InterruptedException {
    try {
      send(record(key, letter));
    } catch (RecordTooLargeException e) {
      // A topic may be set to take less than our records need.
      send(record(key, DeadLetters.withoutValue(letter)));
    }
    metrics.deadLettered();
  }

  private ProducerRecord<byte[], byte[]> record(byte @Nullable [] key, DeadLetter letter) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(Topics.deadLetters(), key, deadLetters.encode(letter));
    deadLetters.describe(record.headers());
    return record;
  }

  private void send(ProducerRecord<byte[], byte[]> record) throws InterruptedException {
    while (true) {
      try {
        producer.send(record).get();
        return;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RecordTooLargeException tooLarge) {
          throw tooLarge;
        }
        LOG.warn("Publishing to {} failed; trying again", record.topic(), e.getCause());
      } catch (InterruptException e) {
        throw interrupted(e);
      } catch (KafkaException e) {
        LOG.warn("Publishing to {} failed; trying again", record.topic(), e);
      }
      Thread.sleep(AGAIN_AFTER);
    }
  }

  /** Kafka's form of the exception sets the thread's flag again; ours is the exception alone. */
  private static InterruptedException interrupted(Exception cause) {
    Thread.interrupted();
    InterruptedException interrupted = new InterruptedException(cause.getMessage());
    interrupted.initCause(cause);
    return interrupted;
  }
}
