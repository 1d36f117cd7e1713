package io.ratatoskr.router;

import io.ratatoskr.router.Intake.Reading.Misplaced;
import io.ratatoskr.router.Intake.Reading.Ticket;
import io.ratatoskr.router.Intake.Reading.Unreadable;
import io.ratatoskr.router.RouterMetrics.Meter;
import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.Topics.RequestTopic;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes requests in: answered from the cache, joined to a flight, or the first of a new one. */
final class Admission implements Processor<byte[], byte[], byte[], Emission> {
  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

  private final Lane lane;
  private final Map<String, RequestTopic> topics;
  private final Services services;
  private @Nullable ProcessorContext<byte[], Emission> context;
  private @Nullable Desk desk;

  Admission(Lane lane, Map<String, RequestTopic> topics, Services services) {
    this.lane = lane;
    this.topics = topics;
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
    RequestTopic topic = topics.get(at.topic());
    if (topic == null) {
      throw new IllegalStateException(at.topic() + " is no request topic of this router");
    }
    try {
      switch (services.intake().read(topic, record, at)) {
        case Ticket ticket -> admit(desk, ticket, record);
        case Misplaced misplaced -> desk.rekey(record, at.topic(), misplaced);
        case Unreadable unreadable ->
            putAside(desk, topic, record, at, unreadable.replyTo(), unreadable.error());
      }
    } catch (KafkaException e) {
      throw e; // about the task, not about the record
    } catch (RuntimeException e) {
      LOG.error("Cannot handle {}", at, e);
      InferenceError error = new InferenceError.Llm(false, "the router cannot handle this: " + e);
      putAside(desk, topic, record, at, ReplyTo.read(record.headers()).orElse(null), error);
    }
  }

  private static void putAside(
      Desk desk,
      RequestTopic topic,
      Record<byte[], byte[]> record,
      RecordMetadata at,
      @Nullable ReplyTo replyTo,
      InferenceError error) {
    desk.deadLetter(record, at, error);
    if (replyTo != null) {
      desk.reply(null, topic.capability(), topic.domain(), replyTo, new Verdict.Failure(error, 0));
    }
  }

  private void admit(Desk desk, Ticket ticket, Record<byte[], byte[]> record) {
    long now = desk.now();
    Flight flight = desk.flights().load(ticket.fingerprint());
    Flight.Facts facts =
        new Flight.Facts(
            ticket.capability(),
            ticket.domain(),
            ticket.envelope().tenant(),
            ticket.model(),
            ticket.source(),
            services.policy().chain(ticket.capability(), lane),
            desk.cache().isOn() && ticket.envelope().cache().writes());
    Waiter waiter = ticket.waiter();
    boolean replayed =
        flight != null
            && flight.hasApplied(waiter.topic(), waiter.offset())
            && desk.flights().knows(ticket.fingerprint(), flight, waiter);
    Event.RequestArrived event =
        new Event.RequestArrived(
            facts,
            waiter,
            replayed,
            flight == null
                ? null
                : desk.flights().waiter(ticket.fingerprint(), flight.generation(), waiter.id()),
            cached(desk, ticket, facts, now),
            refusal(ticket, facts, now));
    List<Decision> decisions = services.decider().decide(flight, event, now);
    Desk.InHand inHand =
        new Desk.InHand(
            ticket.envelope().replyTo(),
            ticket.capability(),
            ticket.domain(),
            Bytes.wrap(record.value()),
            record.headers());
    desk.perform(ticket.fingerprint(), flight, false, decisions, inHand);
  }

  private @Nullable Answer cached(Desk desk, Ticket ticket, Flight.Facts facts, long now) {
    if (!desk.cache().isOn()
        || !ticket.envelope().cache().reads()
        || !ticket.capability().deterministic()) {
      return null;
    }
    Answer answer = desk.cache().get(ticket.fingerprint(), facts.chain(), now);
    services.metrics().count(answer == null ? Meter.CACHE_MISSES : Meter.CACHE_HITS, lane);
    return answer;
  }

  /** Why a request cannot wait for an inference, if it cannot. */
  private @Nullable InferenceError refusal(Ticket ticket, Flight.Facts facts, long now) {
    if (ticket.deadlineMs() <= now) {
      return new InferenceError.Expired(
          "the deadline passed " + (now - ticket.deadlineMs()) + " ms before the router read it");
    }
    String pool = facts.chain().getFirst().pool();
    String capability = ticket.capability().topicName();
    if (services.directory().partitions(Topics.work(lane, pool)) == 0) {
      return new InferenceError.NoProvider(
          capability,
          "no pool serves " + capability + ": " + Topics.work(lane, pool) + " is absent");
    }
    return ticket.model().isEmpty()
        ? null
        : unusable(ticket.model(), services.catalog().pool(pool));
  }

  /** Why no worker of a pool will ever have that model; none where it may only be loading. */
  private static @Nullable InferenceError unusable(String model, Catalog.Pool workers) {
    if (!workers.models().isEmpty() && !workers.models().contains(model)) {
      return new InferenceError.ModelNotFound(
          model,
          "no worker knows '"
              + model
              + "'; there are "
              + String.join(", ", workers.models().stream().sorted().toList()));
    }
    String reason = workers.unavailable().get(model);
    return reason == null
        ? null
        : new InferenceError.ModelNotAvailable(
            model, "no worker can use '" + model + "': " + reason);
  }
}
