package io.ratatoskr.worker;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaRegistryException;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.wire.Source;
import io.ratatoskr.schemas.wire.WorkItem;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads work records, and makes of each a task for the engine or an outcome without one. */
final class WorkReader<T> {
  private static final Logger LOG = LoggerFactory.getLogger(WorkReader.class);

  /** The outcome of what nobody wants any more. */
  static final Outcome CANCELLED =
      new Outcome.Rejected(
          InferenceError.cancelled("Its request was cancelled, or answered elsewhere."));

  private final Engine<T> engine;
  private final SourceReader sources;
  private final ResultPublisher publisher;
  private final Aborts aborts;
  private final Clock clock;
  private final RandomGenerator random;
  private final WorkerMetrics metrics;
  private final Codec<WorkItem> items;

  WorkReader(
      Engine<T> engine,
      SourceReader sources,
      ResultPublisher publisher,
      Codec<WorkItem> items,
      Aborts aborts,
      Clock clock,
      RandomGenerator random,
      WorkerMetrics metrics) {
    this.engine = engine;
    this.sources = sources;
    this.publisher = publisher;
    this.items = items;
    this.aborts = aborts;
    this.clock = clock;
    this.random = random;
    this.metrics = metrics;
  }

  /**
   * Reads the work item; a record that holds none becomes a dead letter.
   *
   * @return empty if the record holds no work item
   */
  Optional<Delivery> decode(ConsumerRecord<byte[], byte[]> record, Lane lane)
      throws InterruptedException {
    metrics.taken(lane);
    InferenceError fault;
    try {
      byte[] key = record.key();
      byte[] value = record.value();
      if (key == null || key.length != Fingerprint.BYTES || value == null) {
        fault =
            InferenceError.badEnvelope(
                "work has a fingerprint of 32 bytes as its key, and a value");
      } else {
        WorkItem item = items.decode(value, record.headers());
        if (publisher.hasPartition(lane, item.getSource().getPartition())) {
          String execution = RequestId.next(clock, random).toString();
          return Optional.of(new Delivery(record, item, lane, execution, clock.millis(), null));
        }
        fault =
            InferenceError.badEnvelope(
                "its source has partition %d, which the results topic lacks"
                    .formatted(item.getSource().getPartition()));
      }
    } catch (UndecodableRecordException e) {
      fault = InferenceError.badEnvelope(String.valueOf(e.getMessage()));
    } catch (SchemaRegistryException e) {
      // Its flight's alarm has it dispatched again.
      fault = InferenceError.http(String.valueOf(e.getMessage()));
    }
    LOG.warn(
        "{}-{}@{} becomes a dead letter: {}",
        record.topic(),
        record.partition(),
        record.offset(),
        fault.message());
    publisher.deadLetter(record, fault);
    return Optional.empty();
  }

  /**
   * Checks whether the attempt is still wanted, finds its payload, and lets the engine prepare it.
   */
  Taken<T> prepare(Delivery delivery) throws InterruptedException {
    try {
      return prepared(delivery);
    } catch (SchemaRegistryException e) {
      return new Taken.Settled<>(
          delivery, new Outcome.Retryable(InferenceError.http(String.valueOf(e.getMessage()))));
    } catch (RuntimeException e) {
      LOG.warn("Preparing {} failed", delivery, e);
      return new Taken.Settled<>(
          delivery,
          new Outcome.Retryable(
              InferenceError.llm(true, "Preparing the request failed: " + e.getMessage())));
    }
  }

  private Taken<T> prepared(Delivery delivery) throws InterruptedException {
    WorkItem item = delivery.item();
    long now = clock.millis();
    if (aborts.covers(delivery)) {
      return new Taken.Settled<>(delivery, CANCELLED);
    }
    if (item.getDeadlineMs() <= now) {
      return rejected(
          delivery, InferenceError.expired("The deadline passed while it waited for a worker."));
    }
    if (item.getQueueUntilMs() <= now) {
      return new Taken.Settled<>(
          delivery,
          new Outcome.Retryable(
              InferenceError.overloaded(
                  "The attempt waited for a worker for longer than the queue limit.")));
    }
    Optional<Capability> capability = Capability.ofTopicName(item.getCapability());
    if (capability.isEmpty() || !engine.capabilities().contains(capability.get())) {
      return rejected(
          delivery,
          InferenceError.unsupported(
              "The workers of this pool do not serve " + item.getCapability() + "."));
    }
    Optional<SourceReader.Payload> payload = payload(delivery);
    if (payload.isEmpty()) {
      return rejected(delivery, gone(item.getSource()));
    }
    Delivery read = delivery.with(payload.get());
    Work work =
        new Work(
            capability.get(),
            item.getModel(),
            delivery.lane(),
            item.getTenant(),
            Instant.ofEpochMilli(item.getDeadlineMs()),
            Duration.ofMillis(item.getBudgetMs()),
            item.getReason(),
            item.getOptionDefaults() == null
                ? ChatOptions.defaults()
                : ChatOptions.ofWire(item.getOptionDefaults()),
            payload.get().value(),
            payload.get().schema(),
            payload.get().traceparent());
    try {
      return switch (engine.prepare(work)) {
        case Prepared.Ready<T> ready -> new Taken.Ready<>(read, ready.task(), ready.items());
        case Prepared.Settled<T> settled -> new Taken.Settled<>(read, settled.outcome());
      };
    } catch (UndecodableRecordException e) {
      InferenceError fault = InferenceError.invalidInput(String.valueOf(e.getMessage()));
      publisher.deadLetter(delivery, payload.get(), fault);
      return rejected(delivery, fault);
    }
  }

  private Optional<SourceReader.Payload> payload(Delivery delivery) {
    WorkItem item = delivery.item();
    ByteBuffer inHand = item.getPayload();
    if (inHand != null) {
      byte[] bytes = new byte[inHand.remaining()];
      inHand.duplicate().get(bytes);
      return Optional.of(
          new SourceReader.Payload(bytes, item.getPayloadSchema(), delivery.record().headers()));
    }
    Optional<SourceReader.Payload> read = sources.read(item.getSource());
    metrics.sourceRead(read.isPresent());
    return read;
  }

  private static InferenceError gone(Source source) {
    return InferenceError.expired(
        "The request record %s-%d@%d is no longer kept; send the request again."
            .formatted(source.getTopic(), source.getPartition(), source.getOffset()));
  }

  private static <T> Taken<T> rejected(Delivery delivery, InferenceError error) {
    return new Taken.Settled<>(delivery, new Outcome.Rejected(error));
  }
}
