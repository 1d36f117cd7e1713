package io.ratatoskr.router;

import io.ratatoskr.router.Event.Outcome;
import io.ratatoskr.router.Event.ResultArrived;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.Answered;
import io.ratatoskr.schemas.wire.Loading;
import io.ratatoskr.schemas.wire.Rejected;
import io.ratatoskr.schemas.wire.Retryable;
import io.ratatoskr.schemas.wire.Started;
import io.ratatoskr.schemas.wire.WorkResult;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes workers' reports in: answers the flight's waiters, tries again, or gives up. */
final class Settlement implements Processor<byte[], byte[], byte[], Emission> {
  private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

  private final Lane lane;
  private final Services services;
  private @Nullable ProcessorContext<byte[], Emission> context;
  private @Nullable Desk desk;

  Settlement(Lane lane, Services services) {
    this.lane = lane;
    this.services = services;
  }

  @Override
  public void init(ProcessorContext<byte[], Emission> processorContext) {
    context = processorContext;
    desk = new Desk(processorContext, lane, services);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    if (context == null || desk == null) {
      throw new IllegalStateException("process before init");
    }
    RecordMetadata at = context.recordMetadata().orElseThrow();
    try {
      settle(desk, record, at);
    } catch (UndecodableRecordException e) {
      desk.deadLetter(record, at, new InferenceError.InvalidInput(String.valueOf(e.getMessage())));
    } catch (KafkaException e) {
      throw e; // about the task, not about the record
    } catch (RuntimeException e) {
      LOG.error("Cannot handle {}", at, e);
      desk.deadLetter(record, at, new InferenceError.Llm(false, "the router cannot handle: " + e));
    }
    desk.task().sawResult(at.offset());
  }

  private void settle(Desk desk, Record<byte[], byte[]> record, RecordMetadata at) {
    byte[] key = record.key();
    byte[] value = record.value();
    if (key == null || value == null || key.length != Fingerprint.BYTES) {
      desk.deadLetter(
          record, at, new InferenceError.BadEnvelope("a result has a fingerprint and a value"));
      return;
    }
    WorkResult result = services.wire().result(value, record.headers());
    Source source = Source.of(result.getSource());
    if (source.partition() != at.partition()) {
      desk.deadLetter(
          record,
          at,
          new InferenceError.BadEnvelope(
              "belongs on partition " + source.partition() + ", that of its request"));
      return;
    }
    Fingerprint fingerprint = Fingerprint.ofKey(key);
    Flight newest = desk.flights().load(fingerprint);
    boolean retired = newest != null && newest.generation() > result.getGeneration();
    Flight flight = retired ? desk.flights().load(fingerprint, result.getGeneration()) : newest;
    ResultArrived event =
        new ResultArrived(
            at.topic(),
            at.offset(),
            result.getGeneration(),
            result.getAttempt(),
            source,
            result.getWorker(),
            result.getExecution(),
            outcome(result.getOutcome()));
    List<Decision> decisions = services.decider().decide(flight, event, desk.now());
    desk.perform(fingerprint, flight, retired, decisions, null);
  }

  private static Outcome outcome(Object wire) {
    return switch (wire) {
      case Started started -> new Outcome.Started();
      case Answered answered ->
          new Outcome.Answered(
              new Answer(answered.getPayload(), answered.getProvenance(), answered.getTimings()));
      case Retryable retryable -> new Outcome.Retryable(ErrorCode.ofWire(retryable.getError()));
      case Rejected rejected -> new Outcome.Rejected(ErrorCode.ofWire(rejected.getError()));
      case Loading loading -> new Outcome.Loading();
      default -> throw new IllegalStateException("no such outcome: " + wire.getClass());
    };
  }
}
