package io.ratatoskr.router;

import io.ratatoskr.policy.PoolCandidate;
import io.ratatoskr.router.flight.FailedAttempt;
import io.ratatoskr.router.flight.Flight;
import io.ratatoskr.router.flight.Flight.AlarmCause;
import io.ratatoskr.router.flight.Flight.Backoff;
import io.ratatoskr.router.flight.Flight.Cause;
import io.ratatoskr.router.flight.Flight.Facts;
import io.ratatoskr.router.flight.Flight.Open;
import io.ratatoskr.router.flight.Flight.Parked;
import io.ratatoskr.router.flight.Flight.Phase;
import io.ratatoskr.router.flight.Flight.Queued;
import io.ratatoskr.router.flight.Flight.RecordCause;
import io.ratatoskr.router.flight.Flight.Running;
import io.ratatoskr.router.flight.Flight.Settled;
import io.ratatoskr.router.flight.Flight.State;
import io.ratatoskr.router.flight.Source;
import io.ratatoskr.router.flight.Waiter;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.wire.AlarmState;
import io.ratatoskr.schemas.wire.AppliedOffset;
import io.ratatoskr.schemas.wire.ChainLink;
import io.ratatoskr.schemas.wire.ErrorRecord;
import io.ratatoskr.schemas.wire.FlightState;
import io.ratatoskr.schemas.wire.MarkerState;
import io.ratatoskr.schemas.wire.OpenPhase;
import io.ratatoskr.schemas.wire.StreamTarget;
import io.ratatoskr.schemas.wire.WaiterState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Encodes flights, waiters, alarms and markers as store values, and decodes them. Their schema ids
 * are derived always: the router's own state can be read whatever becomes of a registry.
 *
 * <p>Each request passes here some five times. Hence loops where streams would do, and constructors
 * where Avro's builders would check every field and copy the schema's list of them.
 */
final class FlightCodec {
  private static final int VERSION = 1;

  private final Codec<FlightState> flights = Codec.of(FlightState.class, SchemaIds.derived());
  private final Codec<WaiterState> waiters = Codec.of(WaiterState.class, SchemaIds.derived());
  private final Codec<AlarmState> alarms = Codec.of(AlarmState.class, SchemaIds.derived());
  private final Codec<MarkerState> markers = Codec.of(MarkerState.class, SchemaIds.derived());

  byte[] encodeAlarm(long incarnation) {
    return alarms.encode(new AlarmState(VERSION, incarnation));
  }

  long decodeAlarm(byte[] bytes) {
    return alarms.decode(bytes).getIncarnation();
  }

  byte[] encodeMarker(long untilMs, long epoch) {
    return markers.encode(new MarkerState(VERSION, untilMs, epoch));
  }

  MarkerState decodeMarker(byte[] bytes) {
    return markers.decode(bytes);
  }

  byte[] encode(Waiter waiter) {
    return waiters.encode(
        new WaiterState(
            VERSION,
            waiter.inbox().partition(),
            waiter.inbox().id(),
            waiter.topic(),
            waiter.offset(),
            waiter.deadlineMs(),
            waiter.joined(),
            waiter.toldIn(),
            waiter.toldMs(),
            waiter.cancelledBy()));
  }

  Waiter decodeWaiter(RequestId id, byte[] bytes) {
    WaiterState state = waiters.decode(bytes);
    return new Waiter(
        id,
        new Inbox(state.getInboxPartition(), state.getInboxId()),
        state.getTopic(),
        state.getOffset(),
        state.getDeadlineMs(),
        state.getJoined(),
        state.getToldIn(),
        state.getToldMs(),
        state.getCancelledBy());
  }

  byte[] encode(Flight flight) {
    Facts facts = flight.facts();
    JobEpoch job = facts.job();
    return flights.encode(
        new FlightState(
            VERSION,
            flight.generation(),
            state(flight.state()),
            facts.capability().topicName(),
            facts.domain().prefix(),
            facts.tenant(),
            facts.source().toWire(),
            chain(facts.chain()),
            flight.deadlineMs(),
            facts.cacheable(),
            stream(facts.stream()),
            flight.waiters(),
            flight.told(),
            flight.nextWaiterMs(),
            applied(flight.applied()),
            cause(flight.cause()),
            flight.alarmMs(),
            job == null ? null : job.job(),
            job == null ? 0 : job.epoch()));
  }

  Flight decodeFlight(byte[] bytes) {
    FlightState stored = flights.decode(bytes);
    Facts facts =
        new Facts(
            Capability.ofTopicName(stored.getCapability()).orElseThrow(),
            new Domain(stored.getDomain()),
            stored.getTenant(),
            Source.of(stored.getSource()),
            candidates(stored.getChain()),
            stored.getCacheable(),
            stream(stored.getStream()),
            stored.getJob() == null ? null : new JobEpoch(stored.getJob(), stored.getJobEpoch()));
    return new Flight(
        stored.getGeneration(),
        state(stored.getState()),
        facts,
        stored.getDeadlineMs(),
        stored.getWaiters(),
        stored.getTold(),
        stored.getNextWaiterMs(),
        offsets(stored.getApplied()),
        cause(stored.getCause()),
        stored.getAlarmMs());
  }

  private static List<ChainLink> chain(List<PoolCandidate> candidates) {
    List<ChainLink> chain = new ArrayList<>(candidates.size());
    for (PoolCandidate link : candidates) {
      chain.add(
          new ChainLink(
              link.pool(),
              link.model(),
              link.maxAttempts(),
              link.queueLimitMs(),
              link.budgetMs(),
              link.reason(),
              link.defaults() == null ? null : link.defaults().toWire(),
              link.standsFor(),
              link.queue()));
    }
    return chain;
  }

  private static List<PoolCandidate> candidates(List<ChainLink> chain) {
    List<PoolCandidate> candidates = new ArrayList<>(chain.size());
    for (ChainLink link : chain) {
      candidates.add(
          new PoolCandidate(
              link.getPool(),
              link.getModel(),
              link.getMaxAttempts(),
              link.getQueueLimitMs(),
              link.getBudgetMs(),
              link.getReason(),
              link.getDefaults() == null ? null : ChatOptions.ofWire(link.getDefaults()),
              link.getStandsFor(),
              link.getQueue()));
    }
    return List.copyOf(candidates);
  }

  private static List<AppliedOffset> applied(Map<String, Long> offsets) {
    List<AppliedOffset> applied = new ArrayList<>(offsets.size());
    offsets.forEach((topic, offset) -> applied.add(new AppliedOffset(topic, offset)));
    return applied;
  }

  private static Map<String, Long> offsets(List<AppliedOffset> applied) {
    Map<String, Long> offsets = HashMap.newHashMap(applied.size());
    for (AppliedOffset each : applied) {
      offsets.put(each.getTopic(), each.getOffset());
    }
    return Map.copyOf(offsets);
  }

  /** As it stands in a flight and in its work. */
  static @Nullable StreamTarget stream(@Nullable ReplyTo replyTo) {
    return replyTo == null
        ? null
        : new StreamTarget(
            replyTo.requestId().toString(), replyTo.inbox().partition(), replyTo.inbox().id());
  }

  private static @Nullable ReplyTo stream(@Nullable StreamTarget target) {
    return target == null
        ? null
        : new ReplyTo(
            RequestId.parse(target.getRequestId()),
            new Inbox(target.getInboxPartition(), target.getInboxId()));
  }

  private static Object state(State state) {
    return switch (state) {
      case Settled settled ->
          new io.ratatoskr.schemas.wire.Settled(
              settled.atMs(),
              settled.link(),
              settled.attempt(),
              wire(settled.error()),
              wire(settled.failures()));
      case Open open -> {
        Running running = open.phase() instanceof Running now ? now : null;
        yield new io.ratatoskr.schemas.wire.Open(
            open.link(),
            open.attempt(),
            open.linkAttempts(),
            open.crashes(),
            open.dispatchedMs(),
            phase(open.phase()),
            open.phase().untilMs(),
            running == null ? null : running.worker(),
            running == null ? null : running.execution(),
            running == null ? 0L : running.startedMs(),
            wire(open.failures()));
      }
    };
  }

  private static State state(Object state) {
    if (state instanceof io.ratatoskr.schemas.wire.Settled settled) {
      return new Settled(
          settled.getAtMs(),
          settled.getLink(),
          settled.getAttempt(),
          error(settled.getError()),
          failures(settled.getFailures()));
    }
    io.ratatoskr.schemas.wire.Open open = (io.ratatoskr.schemas.wire.Open) state;
    return new Open(
        open.getLink(),
        open.getAttempt(),
        open.getLinkAttempts(),
        open.getCrashes(),
        open.getDispatchedMs(),
        phase(open),
        failures(open.getFailures()));
  }

  private static OpenPhase phase(Phase phase) {
    return switch (phase) {
      case Queued queued -> OpenPhase.QUEUED;
      case Running running -> OpenPhase.RUNNING;
      case Backoff backoff -> OpenPhase.BACKOFF;
      case Parked parked -> OpenPhase.PARKED;
    };
  }

  private static Phase phase(io.ratatoskr.schemas.wire.Open open) {
    return switch (open.getPhase()) {
      case QUEUED -> new Queued(open.getUntilMs());
      case RUNNING ->
          new Running(
              open.getUntilMs(), open.getWorker(), open.getExecution(), open.getStartedMs());
      case BACKOFF -> new Backoff(open.getUntilMs());
      case PARKED -> new Parked(open.getUntilMs());
    };
  }

  private static Object cause(Cause cause) {
    return switch (cause) {
      case RecordCause by -> new io.ratatoskr.schemas.wire.RecordCause(by.topic(), by.offset());
      case AlarmCause by ->
          new io.ratatoskr.schemas.wire.AlarmCause(by.dueMs(), by.incarnation(), by.echoMs());
    };
  }

  private static Cause cause(Object cause) {
    if (cause instanceof io.ratatoskr.schemas.wire.AlarmCause by) {
      return new AlarmCause(by.getDueMs(), by.getIncarnation(), by.getEchoMs());
    }
    io.ratatoskr.schemas.wire.RecordCause by = (io.ratatoskr.schemas.wire.RecordCause) cause;
    return new RecordCause(by.getTopic(), by.getOffset());
  }

  /** As they stand in a flight and in its dead letter. */
  static List<io.ratatoskr.schemas.wire.FailedAttempt> wire(List<FailedAttempt> failures) {
    List<io.ratatoskr.schemas.wire.FailedAttempt> wire = new ArrayList<>(failures.size());
    for (FailedAttempt failure : failures) {
      wire.add(
          new io.ratatoskr.schemas.wire.FailedAttempt(
              failure.attempt(),
              failure.pool(),
              failure.model(),
              failure.worker(),
              failure.dispatchedMs(),
              failure.endedMs(),
              failure.error().toWire()));
    }
    return wire;
  }

  private static List<FailedAttempt> failures(List<io.ratatoskr.schemas.wire.FailedAttempt> wire) {
    List<FailedAttempt> failures = new ArrayList<>(wire.size());
    for (io.ratatoskr.schemas.wire.FailedAttempt failure : wire) {
      failures.add(
          new FailedAttempt(
              failure.getAttempt(),
              failure.getPool(),
              failure.getModel(),
              failure.getWorker(),
              failure.getDispatchedMs(),
              failure.getEndedMs(),
              InferenceError.ofWire(failure.getError())));
    }
    return failures;
  }

  private static @Nullable ErrorRecord wire(@Nullable InferenceError error) {
    return error == null ? null : error.toWire();
  }

  private static @Nullable InferenceError error(@Nullable ErrorRecord error) {
    return error == null ? null : InferenceError.ofWire(error);
  }
}
