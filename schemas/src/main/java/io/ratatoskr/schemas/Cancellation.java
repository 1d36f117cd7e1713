package io.ratatoskr.schemas;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;

/**
 * A client's word that it no longer wants an answer: the headers of a record on a {@linkplain
 * Topics#cancellations cancellations topic}. Such a record has no value.
 */
public sealed interface Cancellation {

  /** Of one request. The record's key and partition are those of the request. */
  record OfRequest(RequestId id) implements Cancellation {
    @Override
    public void writeTo(Headers headers) {
      Envelope.put(headers, Envelope.REQUEST_ID, id.toString());
    }
  }

  /**
   * Of one request, unless its client says so again before that time is over: a lease. The record's
   * key and partition are those of the request.
   *
   * @param within positive
   */
  record UnlessRenewed(RequestId id, Duration within) implements Cancellation {
    public UnlessRenewed {
      if (within.toMillis() <= 0) {
        throw new IllegalArgumentException(
            Envelope.LEASE_MS + ": must be positive, is " + within.toMillis());
      }
    }

    @Override
    public void writeTo(Headers headers) {
      Envelope.put(headers, Envelope.REQUEST_ID, id.toString());
      Envelope.put(headers, Envelope.LEASE_MS, Long.toString(within.toMillis()));
    }
  }

  /** Of a job's requests. The record has no key, and goes to every partition. */
  record OfJob(JobEpoch job) implements Cancellation {
    @Override
    public void writeTo(Headers headers) {
      Envelope.put(headers, job);
    }
  }

  /** Puts it on a record. */
  void writeTo(Headers headers);

  /**
   * Reads the headers of a record.
   *
   * @throws BadEnvelopeException if they name no request and no job, or both
   */
  static Cancellation read(Headers headers) {
    try {
      Optional<JobEpoch> job = Envelope.job(headers);
      boolean request = headers.lastHeader(Envelope.REQUEST_ID) != null;
      if (request == job.isPresent()) {
        throw new BadEnvelopeException(
            "a cancellation names a request in header "
                + Envelope.REQUEST_ID
                + ", or a job in header "
                + Envelope.JOB);
      }
      if (!request) {
        return new OfJob(job.get());
      }
      RequestId id = RequestId.parse(Envelope.required(headers, Envelope.REQUEST_ID));
      return Envelope.lease(headers)
          .<Cancellation>map(within -> new UnlessRenewed(id, within))
          .orElseGet(() -> new OfRequest(id));
    } catch (IllegalArgumentException e) {
      throw new BadEnvelopeException(String.valueOf(e.getMessage()));
    }
  }
}
