package io.ratatoskr.router;

import io.ratatoskr.router.flight.Source;
import io.ratatoskr.router.flight.Waiter;
import io.ratatoskr.schemas.BadEnvelopeException;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.Topics.RequestTopic;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Reads request records: what they ask for, or what is wrong with them. Topic, headers and size say
 * it; the payload is not looked into.
 */
final class Intake {
  private final TopicDirectory directory;
  private final RouterConfig config;

  Intake(TopicDirectory directory, RouterConfig config) {
    this.directory = directory;
    this.config = config;
  }

  /** A request record as it was read. */
  sealed interface Reading {

    /**
     * A request that can be decided on.
     *
     * @param capability what is asked for
     * @param domain topic prefix of the request
     * @param envelope its headers
     * @param fingerprint its key
     * @param source where its record stands
     * @param deadlineMs when its sender stops waiting, in epoch milliseconds by the broker's clock
     */
    record Ticket(
        Capability capability,
        Domain domain,
        Envelope envelope,
        Fingerprint fingerprint,
        Source source,
        long deadlineMs)
        implements Reading {
      /**
       * The same request with another time to wait, where its sender says none.
       *
       * @param record it
       * @param timeout from its append
       */
      Ticket waitingFor(Duration timeout, Record<byte[], byte[]> record) {
        return record.headers().lastHeader(Envelope.TIMEOUT_MS) == null
            ? new Ticket(
                capability,
                domain,
                envelope,
                fingerprint,
                source,
                record.timestamp() + timeout.toMillis())
            : this;
      }

      Waiter waiter() {
        return Waiter.of(
            envelope.head().requestId(),
            envelope.inbox(),
            source.topic(),
            source.offset(),
            deadlineMs);
      }
    }

    /** A request under another key or on another partition than its own. */
    record Misplaced(Fingerprint fingerprint, int partition) implements Reading {}

    /**
     * A record that is no valid request; the error goes to its sender where the headers name one.
     */
    record Unreadable(@Nullable ReplyTo replyTo, InferenceError error) implements Reading {}
  }

  /** Reads a record; what it finds depends on the record alone, not on time or state. */
  Reading read(RequestTopic topic, Record<byte[], byte[]> record, RecordMetadata at) {
    Optional<ReplyTo> replyTo = ReplyTo.read(record.headers());
    if (replyTo.isPresent()) {
      int partitions = directory.partitions(Topics.replies(topic.domain(), topic.lane()));
      int inbox = replyTo.get().inbox().partition();
      if (inbox >= partitions) {
        return new Reading.Unreadable(
            null,
            InferenceError.badEnvelope(
                "inbox: partition " + inbox + " does not exist; there are " + partitions));
      }
    }
    try {
      return ticket(topic, record, at);
    } catch (Refused e) {
      return new Reading.Unreadable(replyTo.orElse(null), e.error);
    } catch (BadEnvelopeException e) {
      return new Reading.Unreadable(
          replyTo.orElse(null), InferenceError.badEnvelope(String.valueOf(e.getMessage())));
    }
  }

  private Reading ticket(RequestTopic topic, Record<byte[], byte[]> record, RecordMetadata at) {
    Duration absent = config.lane(topic.lane()).defaultTimeout();
    Envelope envelope = Envelope.read(record.headers(), absent);
    byte[] value = record.value();
    if (value == null) {
      throw new Refused(InferenceError.invalidInput("the record has no value"));
    }
    if (value.length > Limits.REQUEST_BYTES) {
      throw new Refused(
          InferenceError.tooLarge(
              value.length,
              Limits.REQUEST_BYTES,
              "the request has "
                  + value.length
                  + " bytes, allowed are "
                  + Limits.REQUEST_BYTES
                  + "; split it"));
    }
    Duration longest = config.deployment().longestDeadline();
    if (envelope.timeout().compareTo(longest) > 0) {
      throw new Refused(
          InferenceError.badEnvelope(
              "timeout-ms: is "
                  + envelope.timeout().toMillis()
                  + ", at most "
                  + longest.toMillis()
                  + " is accepted"));
    }
    Fingerprint fingerprint =
        Fingerprint.of(topic.capability(), topic.domain(), topic.lane(), envelope.head(), value);
    int partition = fingerprint.partition(Math.max(1, directory.partitions(at.topic())));
    if (partition != at.partition() || !Arrays.equals(fingerprint.toKey(), record.key())) {
      if (record.headers().lastHeader(Envelope.REKEYED) == null) {
        return new Reading.Misplaced(fingerprint, partition);
      }
      throw new Refused(
          InferenceError.badEnvelope(
              "the record's key is not the fingerprint of the request, or its partition not the"
                  + " one that murmur2 gives for it"));
    }
    return new Reading.Ticket(
        topic.capability(),
        topic.domain(),
        envelope,
        fingerprint,
        new Source(at.topic(), at.partition(), at.offset()),
        record.timestamp() + envelope.timeout().toMillis());
  }

  /** Carries an error out of nested checks. */
  private static final class Refused extends RuntimeException {
    private final transient InferenceError error;

    Refused(InferenceError error) {
      super(error.message(), null, false, false);
      this.error = error;
    }
  }
}
