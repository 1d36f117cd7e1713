package io.ratatoskr.gateway;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the interceptors know of a call beside its request.
 *
 * @param operation what is asked, for metrics and logs, such as {@code chat}
 * @param model that is asked; empty where none is
 * @param tokens that it may take with its answer
 * @param trace that it belongs to
 * @param deadline when the call is given up
 * @param clock of the deadline
 */
record CallTag(
    String operation,
    String model,
    long tokens,
    Optional<Trace> trace,
    Instant deadline,
    Clock clock) {

  /** A call that asks no model. */
  static CallTag ofServer(String operation, Instant deadline, Clock clock) {
    return new CallTag(operation, "", 0, Optional.empty(), deadline, clock);
  }

  /** Until the deadline; negative once it has passed. */
  Duration remaining() {
    return Duration.between(clock.instant(), deadline);
  }

  static CallTag of(okhttp3.Request request) {
    CallTag tag = request.tag(CallTag.class);
    if (tag == null) {
      throw new IllegalStateException("a call without its tag");
    }
    return tag;
  }
}
