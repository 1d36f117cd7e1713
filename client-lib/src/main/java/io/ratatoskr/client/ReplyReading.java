package io.ratatoskr.client;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.SchemaRegistryException;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.CacheUse;
import io.ratatoskr.schemas.wire.ErrorRecord;
import io.ratatoskr.schemas.wire.Reply;
import io.ratatoskr.schemas.wire.ReplyAnswer;
import io.ratatoskr.schemas.wire.Timings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;

/** Decodes terminal replies into outcomes. */
final class ReplyReading {
  private final Codec<Reply> replies;

  ReplyReading(SchemaIds ids) {
    replies = Codec.of(Reply.class, ids);
  }

  /**
   * The outcome of a request.
   *
   * @param atMs when its reply was there, in epoch milliseconds
   */
  RecordOutcome outcome(RequestId id, byte[] value, Headers headers, long atMs) {
    try {
      Reply reply = replies.decode(value, headers);
      Object outcome = reply.getOutcome();
      if (outcome instanceof ReplyAnswer answer) {
        return new RecordOutcome.Answer(
            bytes(answer.getPayload()),
            provenance(reply.getProvenance(), reply.getTimings(), total(id, atMs)));
      }
      return failure(InferenceError.ofWire((ErrorRecord) outcome));
    } catch (UndecodableRecordException | SchemaRegistryException e) {
      return unreadable(e);
    }
  }

  /**
   * The answer of an outcome.
   *
   * @throws RatatoskrException where it is none, or none that can be read
   */
  static <R> R answer(RecordOutcome outcome, Call.Reader<R> reader) {
    if (outcome instanceof RecordOutcome.Answer answer) {
      try {
        return reader.read(answer);
      } catch (RequestFailedException e) {
        throw e;
      } catch (RuntimeException e) {
        throw unreadable(e).cause();
      }
    }
    throw ((RecordOutcome.Failure) outcome).cause();
  }

  static RecordOutcome.Failure failure(InferenceError error) {
    return new RecordOutcome.Failure(new RequestFailedException(error));
  }

  static RecordOutcome.Failure unreadable(RuntimeException cause) {
    return failure(
        cause instanceof SchemaRegistryException
            ? InferenceError.http("the reply cannot be read now: " + cause.getMessage())
            : InferenceError.dataError("the reply cannot be decoded: " + cause.getMessage()));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static Duration total(RequestId id, long atMs) {
    return Duration.ofMillis(Math.max(0, atMs - id.madeMs().orElse(atMs)));
  }

  private static Provenance provenance(
      io.ratatoskr.schemas.wire.Provenance wire, Timings timings, Duration total) {
    return new Provenance(
        wire.getProvider(),
        wire.getModel(),
        wire.getRevision(),
        wire.getWorker(),
        wire.getLocation(),
        cacheUse(wire.getCache()),
        Optional.ofNullable(wire.getFallbackFrom()),
        wire.getAttempts(),
        Duration.ofMillis(timings.getQueueMs()),
        Duration.ofMillis(timings.getExecutionMs()),
        total,
        wire.getReason(),
        wire.getDisplayName(),
        wire.getWarnings(),
        wire.getLlm());
  }

  private static Provenance.CacheUse cacheUse(CacheUse wire) {
    return switch (wire) {
      case NONE -> Provenance.CacheUse.NONE;
      case HIT -> Provenance.CacheUse.HIT;
      case JOINED -> Provenance.CacheUse.JOINED;
    };
  }
}
