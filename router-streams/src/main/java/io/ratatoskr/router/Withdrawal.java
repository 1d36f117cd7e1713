package io.ratatoskr.router;

import io.ratatoskr.router.RouterMetrics.Meter;
import io.ratatoskr.router.flight.Decision;
import io.ratatoskr.router.flight.Event.CancelArrived;
import io.ratatoskr.router.flight.Flight;
import io.ratatoskr.router.flight.Waiter;
import io.ratatoskr.schemas.BadEnvelopeException;
import io.ratatoskr.schemas.Cancellation;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Takes cancellations in: of a request, which leaves its flight, and of a job's requests. */
final class Withdrawal extends RecordProcessor {
  private final Map<String, Domain> topics;

  Withdrawal(Lane lane, Map<String, Domain> topics, Services services) {
    super(lane, services);
    this.topics = topics;
  }

  @Override
  void handle(Desk desk, Record<byte[], byte[]> record, RecordMetadata at) {
    Domain domain = Objects.requireNonNull(topics.get(at.topic()), at.topic());
    Cancellation cancellation;
    try {
      cancellation = Cancellation.read(record.headers());
    } catch (BadEnvelopeException e) {
      desk.deadLetter(record, at, InferenceError.badEnvelope(String.valueOf(e.getMessage())));
      return;
    }
    switch (cancellation) {
      case Cancellation.OfJob of -> cancel(desk, domain, of.job(), at);
      case Cancellation.OfRequest of ->
          withKey(desk, record, at, key -> cancel(desk, domain, key, of.id(), at));
      case Cancellation.UnlessRenewed of ->
          withKey(
              desk,
              record,
              at,
              key -> desk.leases().renew(key, of.id(), domain, of.within(), desk.now()));
    }
  }

  private static void withKey(
      Desk desk, Record<byte[], byte[]> record, RecordMetadata at, Consumer<Fingerprint> handler) {
    byte[] key = record.key();
    if (key == null || key.length != Fingerprint.BYTES) {
      desk.deadLetter(
          record,
          at,
          InferenceError.badEnvelope("the cancellation of a request has the request's key"));
    } else {
      handler.accept(Fingerprint.ofKey(key));
    }
  }

  private void cancel(
      Desk desk, Domain domain, Fingerprint fingerprint, RequestId id, RecordMetadata at) {
    Flight newest = desk.flights().load(fingerprint);
    Flight present = newest != null && newest.facts().domain().equals(domain) ? newest : null;
    Flight told =
        present != null && present.hasApplied(at.topic(), at.offset())
            ? desk.flights()
                .knowing(fingerprint, present, id, waiter -> waiter.cancelledBy() == at.offset())
            : null;
    Flight flight = told == null ? present : told;
    CancelArrived event =
        new CancelArrived(
            at.topic(),
            at.offset(),
            domain,
            id,
            flight == null ? null : desk.flights().waiter(fingerprint, flight.generation(), id),
            flight != null && isAlone(desk, fingerprint, flight, id),
            desk.task().incarnation());
    List<Decision> decisions = services.decider().decide(flight, event, desk.now());
    boolean retired = told != null && !told.equals(newest);
    desk.perform(fingerprint, flight, retired, decisions, null, null);
  }

  /**
   * Whether that request is the only one that waits. The store is asked: after a crash a flight may
   * count fewer than it has.
   */
  private static boolean isAlone(Desk desk, Fingerprint fingerprint, Flight flight, RequestId id) {
    if (flight.waiters() > 1) {
      return false;
    }
    boolean[] others = {false};
    desk.flights()
        .eachWaiter(fingerprint, flight.generation(), waiter -> others[0] |= isOther(waiter, id));
    return !others[0];
  }

  private static boolean isOther(Waiter waiter, RequestId id) {
    return !waiter.isTold() && !waiter.id().equals(id);
  }

  /** Every partition has the record of a job; workers are told by one of them. */
  private void cancel(Desk desk, Domain domain, JobEpoch job, RecordMetadata at) {
    desk.remember(domain, job);
    if (at.partition() == 0) {
      desk.abort(domain, job);
      services.metrics().count(Meter.CANCELLATIONS, lane);
    }
  }
}
