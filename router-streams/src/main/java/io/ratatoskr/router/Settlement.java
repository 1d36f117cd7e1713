package io.ratatoskr.router;

import io.ratatoskr.catalog.ModelOfPool;
import io.ratatoskr.policy.PoolCandidate;
import io.ratatoskr.router.flight.Decision;
import io.ratatoskr.router.flight.Event.Outcome;
import io.ratatoskr.router.flight.Event.ResultArrived;
import io.ratatoskr.router.flight.Flight;
import io.ratatoskr.router.flight.Flight.Open;
import io.ratatoskr.router.flight.Source;
import io.ratatoskr.router.flight.WorkerAnswer;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaRegistryException;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.Answered;
import io.ratatoskr.schemas.wire.Loading;
import io.ratatoskr.schemas.wire.Rejected;
import io.ratatoskr.schemas.wire.Retryable;
import io.ratatoskr.schemas.wire.Started;
import io.ratatoskr.schemas.wire.WorkResult;
import java.util.List;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Takes workers' reports in: answers the flight's waiters, tries again, or gives up. */
final class Settlement extends RecordProcessor {

  Settlement(Lane lane, Services services) {
    super(lane, services);
  }

  @Override
  void handle(Desk desk, Record<byte[], byte[]> record, RecordMetadata at) {
    byte[] key = record.key();
    byte[] value = record.value();
    if (key == null || value == null || key.length != Fingerprint.BYTES) {
      desk.deadLetter(
          record, at, InferenceError.badEnvelope("a result has a fingerprint and a value"));
      return;
    }
    WorkResult result;
    try {
      result = services.codecs().result(value, record.headers());
    } catch (UndecodableRecordException e) {
      desk.deadLetter(record, at, InferenceError.invalidInput(String.valueOf(e.getMessage())));
      return;
    } catch (SchemaRegistryException e) {
      // The flight's alarm misses the result and has the work done again.
      desk.deadLetter(record, at, InferenceError.http(String.valueOf(e.getMessage())));
      return;
    }
    Source source = Source.of(result.getSource());
    if (source.partition() != at.partition()) {
      desk.deadLetter(
          record,
          at,
          InferenceError.badEnvelope(
              "belongs on partition " + source.partition() + ", that of its request"));
      return;
    }
    settle(desk, Fingerprint.ofKey(key), result, source, at);
  }

  private void settle(
      Desk desk, Fingerprint fingerprint, WorkResult result, Source source, RecordMetadata at) {
    Flight newest = desk.flights().load(fingerprint);
    boolean retired = newest != null && newest.generation() > result.getGeneration();
    Flight flight = retired ? desk.flights().load(fingerprint, result.getGeneration()) : newest;
    ResultArrived event =
        new ResultArrived(
            at.topic(),
            at.offset(),
            result.getGeneration(),
            result.getAttempt(),
            result.getLink(),
            source,
            result.getWorker(),
            result.getExecution(),
            outcome(result.getOutcome()));
    if (flight != null && !flight.hasApplied(at.topic(), at.offset())) {
      observe(flight, result, desk.now());
    }
    List<Decision> decisions = services.decider().decide(flight, event, desk.now());
    desk.perform(fingerprint, flight, retired, decisions, null, result.getRequest());
  }

  /** Counts what it says of the candidate that it comes from; only a first reading does. */
  private void observe(Flight flight, WorkResult result, long now) {
    if (!flight.hasLink(result.getLink())
        || !(flight.state() instanceof Open open)
        || open.attempt() != result.getAttempt()) {
      return;
    }
    PoolCandidate candidate = flight.facts().chain().get(result.getLink());
    ModelOfPool of = new ModelOfPool(candidate.pool(), candidate.model());
    switch (result.getOutcome()) {
      case Answered answered -> services.tally().answered(of, open.dispatchedMs(), answered);
      case Retryable retryable ->
          services
              .tally()
              .failed(of, open.dispatchedMs(), InferenceError.ofWire(retryable.getError()), now);
      case Rejected rejected ->
          services
              .tally()
              .failed(of, open.dispatchedMs(), InferenceError.ofWire(rejected.getError()), now);
      default -> {}
    }
  }

  @Override
  void handled(Desk desk, RecordMetadata at) {
    desk.task().sawResult(at.offset());
  }

  private static Outcome outcome(Object wire) {
    return switch (wire) {
      case Started started -> new Outcome.Started();
      case Answered answered ->
          new Outcome.Answered(
              new WorkerAnswer(
                  answered.getPayload(),
                  answered.getProvenance(),
                  answered.getTimings(),
                  answered.getUsage()));
      case Retryable retryable ->
          new Outcome.Retryable(InferenceError.ofWire(retryable.getError()));
      case Rejected rejected -> new Outcome.Rejected(InferenceError.ofWire(rejected.getError()));
      case Loading loading -> new Outcome.Loading();
      default -> throw new IllegalStateException("no such outcome: " + wire.getClass());
    };
  }
}
