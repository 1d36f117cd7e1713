package io.ratatoskr.router;

import io.ratatoskr.policy.ModelLabel;
import io.ratatoskr.policy.World;
import io.ratatoskr.router.Emission.Sink;
import io.ratatoskr.router.RouterMetrics.Meter;
import io.ratatoskr.router.flight.Decision;
import io.ratatoskr.router.flight.Flight;
import io.ratatoskr.router.flight.Flight.Open;
import io.ratatoskr.router.flight.Source;
import io.ratatoskr.router.flight.Waiter;
import io.ratatoskr.router.health.TaskProbes;
import io.ratatoskr.schemas.Cancellation;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.CacheUse;
import io.ratatoskr.schemas.wire.RequestCopy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Carries out decisions within one task: writes the store, then sends. */
final class Desk {
  /** A cancellation has no value of its own. */
  private static final Bytes NOTHING = Bytes.wrap(new byte[0]);

  private final ProcessorContext<byte[], Emission> context;
  private final Lane lane;
  private final Services services;
  private final FlightStore flights;
  private final AnswerCache cache;
  private final TaskState task;
  private final Markers markers;
  private final Leases leases;
  private final Outbox outbox;
  private final Letters letters;
  private final TaskProbes probes;
  private final UsageLog usage;

  Desk(ProcessorContext<byte[], Emission> context, Lane lane, Services services) {
    this.context = context;
    this.lane = lane;
    this.services = services;
    this.flights = new FlightStore(context.getStateStore(RouterTopology.FLIGHTS), services.codec());
    this.cache = new AnswerCache(context, lane, services);
    this.task = context.getStateStore(RouterTopology.TASK);
    this.markers =
        new Markers(context.getStateStore(RouterTopology.FLIGHTS), services.codec(), task);
    this.probes = new TaskProbes(services.tally());
    this.leases = new Leases(context.getStateStore(RouterTopology.FLIGHTS), task);
    this.outbox = new Outbox(context, services.sendPoint());
    this.letters = new Letters(outbox, lane, services, flights);
    this.usage = new UsageLog(outbox, lane, services);
    task.punctuated(now());
  }

  /** The request that is being decided on, whose payload and sender are in hand. */
  record InHand(
      ReplyTo replyTo,
      Capability capability,
      Domain domain,
      String tenant,
      Bytes payload,
      Headers headers) {}

  FlightStore flights() {
    return flights;
  }

  AnswerCache cache() {
    return cache;
  }

  Markers markers() {
    return markers;
  }

  /** The permits for probes of this task. */
  TaskProbes probes() {
    return probes;
  }

  Leases leases() {
    return leases;
  }

  /**
   * Cancels a request whose client is lost, where it still waits: by a record, which is read as if
   * the client had sent it.
   */
  void lost(Leases.Over over) {
    Flight flight = flights.load(over.fingerprint());
    if (flight != null && isWaitedFor(flight, over)) {
      Headers headers = new RecordHeaders();
      new Cancellation.OfRequest(over.id()).writeTo(headers);
      String topic = Topics.cancellations(over.domain(), lane);
      outbox.send(
          over.fingerprint().toKey(),
          new Emission(Sink.LOST_CLIENTS, topic, flight.facts().source().partition(), NOTHING),
          headers);
      services.metrics().count(Meter.LOST_CLIENTS, lane);
    }
    leases.end(over);
  }

  private boolean isWaitedFor(Flight flight, Leases.Over over) {
    Waiter waiter = flights.waiter(over.fingerprint(), flight.generation(), over.id());
    return flight.isOpen()
        && flight.facts().domain().equals(over.domain())
        && waiter != null
        && !waiter.isTold();
  }

  TaskState task() {
    return task;
  }

  long now() {
    return context.currentSystemTimeMs();
  }

  /**
   * Carries out what was decided on an event.
   *
   * @param before the flight as it was
   * @param retired whether a newer generation has taken its place
   * @param inHand the request, if the event was one
   * @param copy the request as a worker reported it, where it did
   */
  void perform(
      Fingerprint fingerprint,
      @Nullable Flight before,
      boolean retired,
      List<Decision> decisions,
      @Nullable InHand inHand,
      @Nullable RequestCopy copy) {
    for (Decision decision : decisions) {
      switch (decision) {
        case Decision.Wait wait -> flights.put(fingerprint, wait.generation(), wait.waiter());
        case Decision.Retire retire -> flights.retire(fingerprint, retire.flight());
        case Decision.Store store -> store(fingerprint, store.flight(), before, retired);
        case Decision.WriteAgain again ->
            flights.writeAgain(
                fingerprint, again.flight(), retired, again.waiter(), task.incarnation());
        case Decision.Forget forget ->
            flights.forget(fingerprint, forget, before == null ? 0 : before.alarmMs());
        case Decision.Dispatch dispatch -> dispatch(fingerprint, dispatch.flight(), inHand);
        case Decision.AnswerAll all -> answerAll(fingerprint, all);
        case Decision.FailAll all -> failAll(fingerprint, all);
        case Decision.LayAside failed -> letters.write(fingerprint, failed, copy);
        case Decision.AnswerOne one ->
            reply(
                inHand,
                new Verdict.Success(
                    one.answer(),
                    CacheUse.HIT,
                    0,
                    null,
                    "",
                    services.policy().label(one.answer().provenance().getModel())));
        case Decision.FailOne one -> reply(inHand, new Verdict.Failure(one.error(), 0));
        case Decision.Tell tell -> tell(fingerprint, tell.flight(), tell.waiter(), tell.error());
        case Decision.Remember mark ->
            markers.put(fingerprint, mark.id(), mark.domain(), longestFromNow());
        case Decision.Abort abort -> abort(fingerprint, abort);
        case Decision.Cache put -> cache.put(fingerprint, put, now());
        case Decision.Count count -> services.metrics().count(Meter.of(count.what()), lane);
      }
    }
  }

  /** Tells a waiter that it need not wait any more. */
  void tell(Fingerprint fingerprint, Flight flight, Waiter waiter, InferenceError error) {
    Flight.Facts facts = flight.facts();
    Verdict verdict = new Verdict.Failure(error, flight.state().attempt());
    sendReply(fingerprint, facts.domain(), waiter.replyTo(), services.codecs().reply(verdict));
    services.metrics().replied(lane, facts.capability(), verdict.outcome(), 1);
    usage.alone(waiter.id(), facts.capability(), facts.domain(), facts.tenant(), flight, verdict);
  }

  /** Remembers that a job is cancelled, for as long as requests of it may come. */
  void remember(Domain domain, JobEpoch job) {
    markers.put(domain, job, longestFromNow());
  }

  private long longestFromNow() {
    return now() + services.config().deployment().longestDeadline().toMillis();
  }

  private void abort(Fingerprint fingerprint, Decision.Abort abort) {
    sendAbort(
        fingerprint.toKey(), services.codecs().abort(lane, abort.generation(), abort.attempt()));
  }

  /** Has workers drop the work of a job. */
  void abort(Domain domain, JobEpoch job) {
    sendAbort(null, services.codecs().abort(lane, domain, job));
  }

  /** What is known now of workers, models and topics. */
  World world() {
    return new World(
        services.catalog().get(),
        services.health().get(),
        services.directory().topics(),
        now(),
        probes);
  }

  private void sendAbort(byte @Nullable [] key, Bytes value) {
    Headers headers = new RecordHeaders();
    services.codecs().describeAbort(headers);
    outbox.send(key, new Emission(Sink.ABORTS, Topics.aborts(), Emission.BY_KEY, value), headers);
    services.metrics().count(Meter.ABORTS, lane);
  }

  private void store(
      Fingerprint fingerprint, Flight flight, @Nullable Flight before, boolean retired) {
    Flight same = before != null && before.generation() == flight.generation() ? before : null;
    flights.save(fingerprint, flight, same, retired, task.incarnation());
    if (!retired) {
      task.count().changed(fingerprint, same, flight);
    }
    boolean wasOpen = same != null && same.isOpen();
    if (wasOpen != flight.isOpen()) {
      services.metrics().opened(lane, flight.isOpen() ? 1 : -1);
    }
  }

  private void dispatch(Fingerprint fingerprint, Flight flight, @Nullable InHand inHand) {
    if (!(flight.state() instanceof Open open)) {
      return;
    }
    Source source = flight.facts().source();
    String topic = services.workTopic(lane, flight.candidate());
    InHand request = open.attempt() == 1 ? inHand : null;
    Headers headers = request == null ? new RecordHeaders() : new RecordHeaders(request.headers());
    services.codecs().describeWork(headers);
    probes.dispatched(flight.candidate().pool(), flight.candidate().model());
    Bytes item = services.codecs().workItem(flight, open, request);
    int partition = source.partition() % Math.max(1, services.directory().partitions(topic));
    outbox.send(fingerprint.toKey(), new Emission(Sink.WORK, topic, partition, item), headers);
    services.metrics().count(Meter.DISPATCHES, lane);
  }

  private void answerAll(Fingerprint fingerprint, Decision.AnswerAll all) {
    Flight flight = all.flight();
    String fallbackFrom = flight.fallbackFrom();
    int attempts = flight.state().attempt();
    String reason = flight.candidate().reason();
    ModelLabel label = services.policy().label(flight.candidate().model());
    Function<CacheUse, Lazy> success =
        use ->
            new Lazy(() ->
                services
                    .codecs()
                    .reply(
                        new Verdict.Success(
                            all.answer(), use, attempts, fallbackFrom, reason, label)));
    Lazy own = success.apply(CacheUse.NONE);
    Lazy joined = success.apply(CacheUse.JOINED);
    Lazy overloaded =
        new Lazy(() ->
            services
                .codecs()
                .reply(
                    new Verdict.Failure(
                        InferenceError.overloaded(
                            "too many requests wait for this large an answer"),
                        attempts)));
    long room = services.config().joining().replyBytes();
    long[] sent = {0};
    long[] refused = {0};
    UsageLog.Tally tally = new UsageLog.Tally();
    flights.eachWaiter(
        fingerprint,
        flight.generation(),
        waiter -> {
          if (waiter.isToldBy(task.incarnation())) {
            return;
          }
          Bytes value = (waiter.joined() ? joined : own).get();
          if (sent[0] > 0 && (sent[0] + 1) * value.get().length > room) {
            value = overloaded.get();
            refused[0]++;
          } else {
            sent[0]++;
          }
          tally.count(waiter);
          sendReply(fingerprint, flight.facts().domain(), waiter.replyTo(), value);
        });
    tally
        .settled()
        .ifPresent(settled -> usage.answered(fingerprint, flight, all.answer(), settled));
    Capability capability = flight.facts().capability();
    services.metrics().replied(lane, capability, "Answered", sent[0]);
    services.metrics().replied(lane, capability, "Overloaded", refused[0]);
  }

  /** A reply that is encoded when the first waiter needs it: most flights have one waiter. */
  private static final class Lazy {
    private final Supplier<Bytes> reply;
    private @Nullable Bytes encoded;

    Lazy(Supplier<Bytes> reply) {
      this.reply = reply;
    }

    Bytes get() {
      if (encoded == null) {
        encoded = reply.get();
      }
      return encoded;
    }
  }

  private void failAll(Fingerprint fingerprint, Decision.FailAll all) {
    Flight flight = all.flight();
    Bytes value =
        services.codecs().reply(new Verdict.Failure(all.error(), flight.state().attempt()));
    UsageLog.Tally tally = new UsageLog.Tally();
    flights.eachWaiter(
        fingerprint,
        flight.generation(),
        waiter -> {
          if (!waiter.isToldBy(task.incarnation())) {
            sendReply(fingerprint, flight.facts().domain(), waiter.replyTo(), value);
            tally.count(waiter);
          }
        });
    String code = all.error().code().wireName();
    tally.settled().ifPresent(settled -> usage.failed(fingerprint, flight, code, settled));
    services.metrics().replied(lane, flight.facts().capability(), code, tally.requests());
  }

  private void reply(@Nullable InHand inHand, Verdict verdict) {
    if (inHand != null) {
      reply(inHand.capability(), inHand.domain(), inHand.tenant(), inHand.replyTo(), verdict);
    }
  }

  /** Sends a request that has no flight its terminal reply. */
  void reply(
      Capability capability, Domain domain, String tenant, ReplyTo replyTo, Verdict verdict) {
    sendReply(null, domain, replyTo, services.codecs().reply(verdict));
    services.metrics().replied(lane, capability, verdict.outcome(), 1);
    usage.alone(replyTo.requestId(), capability, domain, tenant, null, verdict);
  }

  private void sendReply(
      @Nullable Fingerprint fingerprint, Domain domain, ReplyTo replyTo, Bytes value) {
    Headers headers = new RecordHeaders();
    replyTo.writeTo(headers);
    services.codecs().describeReply(headers);
    byte[] key =
        fingerprint == null
            ? replyTo.requestId().toString().getBytes(StandardCharsets.UTF_8)
            : fingerprint.toKey();
    int partition = replyTo.inbox().partition();
    outbox.send(
        key, new Emission(Sink.REPLIES, Topics.replies(domain, lane), partition, value), headers);
  }

  /** Keeps a record that could not be handled. */
  void deadLetter(Record<byte[], byte[]> record, RecordMetadata at, InferenceError error) {
    letters.write(record, at, error);
  }

  /** Publishes a request again, under its own key and on its own partition. */
  void rekey(Record<byte[], byte[]> record, String topic, Intake.Reading.Misplaced misplaced) {
    Headers headers = new RecordHeaders(record.headers());
    headers.add(Envelope.REKEYED, new byte[] {1});
    Bytes value = Bytes.wrap(record.value());
    int partition = misplaced.partition();
    outbox.send(
        misplaced.fingerprint().toKey(),
        new Emission(Sink.REKEYED, topic, partition, value),
        headers);
    services.metrics().count(Meter.REKEYED, lane);
  }
}
