package io.ratatoskr.testkit;

import java.util.List;

/**
 * Something the pipeline promises, as a judge of one history. A test tells it what happened, from
 * any thread and in any order across requests, and asks at the end; suites kill and restart parts
 * of the pipeline meanwhile. A judge ignores the events that it has no opinion on.
 *
 * @param <P> what a reply says; compared with {@code equals}
 */
public interface Guarantee<P> {

  /** A request was sent and acked by Kafka. Inputs are told in input order. */
  default void requested(String requestId) {}

  /** A terminal reply stands on the wire. */
  default void replied(Reply<P> reply) {}

  /** The application was given an answer: its future completed, its row was written. */
  default void delivered(String requestId, P payload) {}

  /** What broke the promise, one line each; empty if it was kept. */
  List<String> violations();

  /**
   * Fails with the violations, if any.
   *
   * @throws AssertionError naming the guarantee and the first ten violations
   */
  default void check() {
    List<String> violations = violations();
    if (!violations.isEmpty()) {
      throw new AssertionError(
          getClass().getSimpleName()
              + " was broken "
              + violations.size()
              + " times:\n  "
              + String.join("\n  ", violations.subList(0, Math.min(10, violations.size()))));
    }
  }

  /**
   * A terminal reply as it stands in the inbox topic.
   *
   * @param requestId whom it answers
   * @param offset where it stands; a request's replies all stand in one partition
   * @param payload what it says
   */
  record Reply<P>(String requestId, long offset, P payload) {}
}
