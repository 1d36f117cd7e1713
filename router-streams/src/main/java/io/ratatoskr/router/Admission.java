package io.ratatoskr.router;

import io.ratatoskr.policy.Ask;
import io.ratatoskr.policy.Choice;
import io.ratatoskr.policy.PoolCandidate;
import io.ratatoskr.policy.RoutingPolicy;
import io.ratatoskr.router.Intake.Reading.Misplaced;
import io.ratatoskr.router.Intake.Reading.Ticket;
import io.ratatoskr.router.Intake.Reading.Unreadable;
import io.ratatoskr.router.RouterMetrics.Meter;
import io.ratatoskr.router.flight.Decision;
import io.ratatoskr.router.flight.Event;
import io.ratatoskr.router.flight.Flight;
import io.ratatoskr.router.flight.Waiter;
import io.ratatoskr.router.flight.WorkerAnswer;
import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.Topics.RequestTopic;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Admits requests: answers them from the cache, joins them to a flight, or opens a new one. */
final class Admission extends RecordProcessor {
  private final Map<String, RequestTopic> topics;

  Admission(Lane lane, Map<String, RequestTopic> topics, Services services) {
    super(lane, services);
    this.topics = topics;
  }

  @Override
  void handle(Desk desk, Record<byte[], byte[]> record, RecordMetadata at) {
    switch (services.intake().read(topic(at), record, at)) {
      case Ticket ticket -> admit(desk, ticket, record);
      case Misplaced misplaced -> desk.rekey(record, at.topic(), misplaced);
      case Unreadable unreadable ->
          putAside(desk, record, at, unreadable.error(), unreadable.replyTo());
    }
  }

  @Override
  void putAside(Desk desk, Record<byte[], byte[]> record, RecordMetadata at, InferenceError error) {
    putAside(desk, record, at, error, ReplyTo.read(record.headers()).orElse(null));
  }

  private void putAside(
      Desk desk,
      Record<byte[], byte[]> record,
      RecordMetadata at,
      InferenceError error,
      @Nullable ReplyTo replyTo) {
    desk.deadLetter(record, at, error);
    if (replyTo != null) {
      RequestTopic topic = topic(at);
      desk.reply(topic.capability(), topic.domain(), "", replyTo, new Verdict.Failure(error, 0));
    }
  }

  private RequestTopic topic(RecordMetadata at) {
    return Objects.requireNonNull(topics.get(at.topic()), at.topic());
  }

  private void admit(Desk desk, Ticket read, Record<byte[], byte[]> record) {
    long now = desk.now();
    RequestHead head = read.envelope().head();
    RoutingPolicy policy = services.policy();
    Choice choice =
        policy.choose(
            new Ask(
                read.capability(),
                lane,
                head,
                record.value().length,
                () -> services.prompts().read(read.capability(), record.value(), record.headers())),
            desk.world());
    Ticket ticket =
        lane == Lane.INTERACTIVE
            ? policy.timeout(choice).map(usual -> read.waitingFor(usual, record)).orElse(read)
            : read;
    Waiter waiter = ticket.waiter();
    Flight newest = desk.flights().load(ticket.fingerprint());
    Flight knowing =
        newest != null && newest.hasApplied(waiter.topic(), waiter.offset())
            ? desk.flights()
                .knowing(
                    ticket.fingerprint(),
                    newest,
                    waiter.id(),
                    known -> known.offset() >= waiter.offset())
            : null;
    Flight flight = knowing == null ? newest : knowing;
    Flight.Facts facts =
        new Flight.Facts(
            ticket.capability(),
            ticket.domain(),
            head.tenant(),
            ticket.source(),
            choice.chain(),
            desk.cache().isOn() && head.shares(lane) && head.cache().writes(),
            head.stream() ? ticket.envelope().replyTo() : null,
            head.shares(lane) ? null : ticket.envelope().job());
    boolean cancelled = isCancelled(desk, ticket);
    Event.RequestArrived event =
        new Event.RequestArrived(
            facts,
            waiter,
            knowing != null,
            flight == null
                ? null
                : desk.flights().waiter(ticket.fingerprint(), flight.generation(), waiter.id()),
            cancelled ? null : cached(desk, ticket, facts, now),
            cancelled ? Waiter.CANCELLED : refusal(desk, ticket, choice, flight, now),
            choice.holdUntilMs());
    List<Decision> decisions = services.decider().decide(flight, event, now);
    Desk.InHand inHand =
        new Desk.InHand(
            ticket.envelope().replyTo(),
            ticket.capability(),
            ticket.domain(),
            head.tenant(),
            Bytes.wrap(record.value()),
            record.headers());
    boolean retired = knowing != null && !knowing.equals(newest);
    desk.perform(ticket.fingerprint(), flight, retired, decisions, inHand, null);
  }

  private static boolean isCancelled(Desk desk, Ticket ticket) {
    JobEpoch job = ticket.envelope().job();
    return desk.markers()
            .has(ticket.fingerprint(), ticket.envelope().head().requestId(), ticket.domain())
        || (job != null && desk.markers().has(ticket.domain(), job));
  }

  private @Nullable WorkerAnswer cached(Desk desk, Ticket ticket, Flight.Facts facts, long now) {
    RequestHead head = ticket.envelope().head();
    if (!desk.cache().isOn() || !head.shares(lane) || !head.cache().reads()) {
      return null;
    }
    WorkerAnswer answer =
        desk.cache().get(ticket.fingerprint(), facts, services.catalog().get(), now);
    services.metrics().count(answer == null ? Meter.CACHE_MISSES : Meter.CACHE_HITS, lane);
    return answer;
  }

  /** Why a request cannot wait for an inference, if it cannot. */
  private @Nullable InferenceError refusal(
      Desk desk, Ticket ticket, Choice choice, @Nullable Flight flight, long now) {
    if (ticket.deadlineMs() <= now) {
      return InferenceError.expired(
          "the deadline passed " + (now - ticket.deadlineMs()) + " ms before the router read it");
    }
    if (choice.refusal() != null) {
      return choice.refusal();
    }
    if (choice.holdUntilMs() >= ticket.deadlineMs()) {
      return unwell(choice, now);
    }
    boolean joins = flight != null && flight.isOpen();
    return joins ? null : overLimit(desk, ticket, choice, now);
  }

  /** Why there may be no further work, if there may not. */
  private @Nullable InferenceError overLimit(Desk desk, Ticket ticket, Choice choice, long now) {
    FlightCount count = desk.task().count();
    AdmissionLimits limits = services.config().admission();
    if (!count.isComplete()) {
      return null;
    }
    String tenant = ticket.envelope().head().tenant();
    if (limits.limits(lane, tenant)) {
      InferenceError over =
          limits.overCap(
              tenant,
              services.occupancies().open(lane, tenant),
              services.occupancies().tasks(lane),
              services.config().deployment().partitions());
      if (over != null) {
        return over;
      }
    }
    InferenceError last = null;
    for (PoolCandidate candidate : choice.chain()) {
      OptionalLong since = count.occupancy().waitingSinceMs(candidate.place());
      last = limits.overload(lane, candidate.pool(), since, now);
      if (last == null) {
        return null;
      }
    }
    return last;
  }

  private static InferenceError unwell(Choice choice, long now) {
    PoolCandidate first = choice.chain().getFirst();
    return InferenceError.http(
        "'%s' at %s failed too often or is out of its rate limit, and is left alone for %d ms more,"
                .formatted(first.model(), first.pool(), choice.holdUntilMs() - now)
            + " past the deadline");
  }
}
