package io.ratatoskr.router;

import io.ratatoskr.policy.PoolCandidate;
import io.ratatoskr.router.flight.FailedAttempt;
import io.ratatoskr.router.flight.Flight;
import io.ratatoskr.router.flight.Flight.Open;
import io.ratatoskr.router.flight.Flight.Settled;
import io.ratatoskr.router.flight.Source;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.DeadLetters;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.Abort;
import io.ratatoskr.schemas.wire.AbortedFlight;
import io.ratatoskr.schemas.wire.AbortedJob;
import io.ratatoskr.schemas.wire.CacheUse;
import io.ratatoskr.schemas.wire.CachedAnswer;
import io.ratatoskr.schemas.wire.DeadLetter;
import io.ratatoskr.schemas.wire.Provenance;
import io.ratatoskr.schemas.wire.Reply;
import io.ratatoskr.schemas.wire.ReplyAnswer;
import io.ratatoskr.schemas.wire.RequestCopy;
import io.ratatoskr.schemas.wire.Timings;
import io.ratatoskr.schemas.wire.UsageRecord;
import io.ratatoskr.schemas.wire.WorkItem;
import io.ratatoskr.schemas.wire.WorkResult;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Encodes and decodes the records that the router reads and writes. */
final class RouterCodecs {
  private static final Timings NO_TIMINGS = new Timings(0L, 0L);

  private final Codec<WorkResult> results;
  private final Codec<Reply> replies;
  private final Codec<WorkItem> work;
  private final Codec<Abort> aborts;
  private final Codec<DeadLetter> deadLetters;
  private final Codec<UsageRecord> usage;
  private final Codec<CachedAnswer> cached;
  private final PromptReader prompts;

  /**
   * Asks for the ids of the schemas on topics; those of store values are derived.
   *
   * @throws io.ratatoskr.schemas.SchemaRegistryException if a registry gives them none
   */
  RouterCodecs(SchemaIds ids) {
    results = Codec.of(WorkResult.class, ids);
    replies = Codec.of(Reply.class, ids);
    work = Codec.of(WorkItem.class, ids);
    aborts = Codec.of(Abort.class, ids);
    deadLetters = Codec.of(DeadLetter.class, ids);
    usage = Codec.of(UsageRecord.class, ids);
    cached = Codec.of(CachedAnswer.class, SchemaIds.derived());
    prompts = new PromptReader(ids);
  }

  PromptReader prompts() {
    return prompts;
  }

  WorkResult result(byte[] value, Headers headers) {
    return results.decode(value, headers);
  }

  CachedAnswer cachedAnswer(byte[] value) {
    return cached.decode(value);
  }

  byte[] cachedAnswer(CachedAnswer answer) {
    return cached.encode(answer);
  }

  /** A reply record; one that would be too large says so instead. */
  Bytes reply(Verdict verdict) {
    byte[] bytes = replies.encode(toReply(verdict));
    if (bytes.length <= Limits.REPLY_BYTES) {
      return Bytes.wrap(bytes);
    }
    InferenceError error =
        InferenceError.tooLargeReply(bytes.length, "ask for fewer items at once");
    return Bytes.wrap(replies.encode(toReply(new Verdict.Failure(error, 0))));
  }

  private static Reply toReply(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Success success -> {
        Provenance by = success.answer().provenance();
        yield new Reply(
            new ReplyAnswer(success.answer().payload()),
            new Provenance(
                by.getProvider(),
                by.getModel(),
                by.getRevision(),
                by.getWorker(),
                by.getLocation(),
                success.cache(),
                success.fallbackFrom(),
                success.attempts(),
                success.reason(),
                success.label().displayName(),
                success.label().warnings(),
                by.getLlm()),
            success.answer().timings());
      }
      case Verdict.Failure failure ->
          new Reply(
              failure.error().toWire(),
              Provenance.newBuilder()
                  .setCache(CacheUse.NONE)
                  .setAttempts(failure.attempts())
                  .build(),
              NO_TIMINGS);
    };
  }

  void describeReply(Headers headers) {
    replies.describe(headers);
  }

  /** The present attempt of a flight, with the payload where it is in hand. */
  Bytes workItem(Flight flight, Open open, Desk.@Nullable InHand request) {
    PoolCandidate candidate = flight.candidate();
    JobEpoch job = flight.facts().job();
    return Bytes.wrap(
        work.encode(
            new WorkItem(
                flight.generation(),
                open.attempt(),
                open.link(),
                flight.facts().source().toWire(),
                flight.facts().capability().topicName(),
                candidate.model(),
                flight.facts().tenant(),
                flight.deadlineMs(),
                open.dispatchedMs() + candidate.queueLimitMs(),
                candidate.budgetMs(),
                open.crashes(),
                open.dispatchedMs(),
                FlightCodec.stream(flight.facts().stream()),
                request == null ? null : ByteBuffer.wrap(request.payload().get()),
                request == null ? null : Codec.named(request.headers()),
                job == null ? null : job.job(),
                job == null ? 0 : job.epoch(),
                reason(flight, open),
                candidate.defaults() == null ? null : candidate.defaults().toWire())));
  }

  /** Why the present candidate is asked, and what became of the one before. */
  private static String reason(Flight flight, Open open) {
    String reason = flight.candidate().reason();
    if (open.link() == 0 || open.failures().isEmpty()) {
      return reason;
    }
    FailedAttempt last = open.failures().getLast();
    return "%s; %s at %s: %s"
        .formatted(reason, last.model(), last.pool(), last.error().code().wireName());
  }

  /** Attempts of a flight that are to be dropped. */
  Bytes abort(Lane lane, int generation, int attempt) {
    return Bytes.wrap(
        aborts.encode(new Abort(lane.topicName(), new AbortedFlight(generation, attempt))));
  }

  /** Runs of a job whose work is to be dropped. */
  Bytes abort(Lane lane, Domain domain, JobEpoch job) {
    return Bytes.wrap(
        aborts.encode(
            new Abort(lane.topicName(), new AbortedJob(domain.prefix(), job.job(), job.epoch()))));
  }

  void describeAbort(Headers headers) {
    aborts.describe(headers);
  }

  Bytes usage(UsageRecord record) {
    return Bytes.wrap(usage.encode(record));
  }

  void describeUsage(Headers headers) {
    usage.describe(headers);
  }

  void describeWork(Headers headers) {
    work.describe(headers);
  }

  /** A record that could not be handled, and why. */
  Bytes deadLetter(Record<byte[], byte[]> record, RecordMetadata origin, InferenceError error) {
    return Bytes.wrap(
        deadLetters.encode(
            DeadLetters.of(
                new DeadLetters.Origin(origin.topic(), origin.partition(), origin.offset()),
                record.timestamp(),
                record.key(),
                record.value(),
                record.headers(),
                error)));
  }

  /**
   * A request that failed for good, with what was tried.
   *
   * @param id id of the request that opened the flight, where it still waits
   * @param copy the request as its last worker had it; null where that is not in hand
   */
  Bytes deadLetter(
      Fingerprint fingerprint,
      Flight flight,
      InferenceError error,
      @Nullable RequestId id,
      @Nullable RequestCopy copy) {
    Source source = flight.facts().source();
    return Bytes.wrap(
        deadLetters.encode(
            DeadLetter.newBuilder()
                .setTopic(source.topic())
                .setPartition(source.partition())
                .setOffset(source.offset())
                .setTimestampMs(0)
                .setKey(ByteBuffer.wrap(fingerprint.toKey()))
                .setValue(copy == null ? null : copy.getValue())
                .setHeaders(copy == null ? Map.of() : copy.getHeaders())
                .setCode(error.code().wireName())
                .setReason(error.message())
                .setRequestId(id == null ? null : id.toString())
                .setGeneration(flight.generation())
                .setTenant(flight.facts().tenant())
                .setModel(flight.facts().chain().getFirst().model())
                .setAttempts(
                    flight.state() instanceof Settled settled
                        ? FlightCodec.wire(settled.failures())
                        : List.of())
                .build()));
  }

  Headers deadLetterHeaders() {
    Headers headers = new RecordHeaders();
    deadLetters.describe(headers);
    return headers;
  }
}
