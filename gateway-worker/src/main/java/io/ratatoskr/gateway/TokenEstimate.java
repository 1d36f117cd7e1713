package io.ratatoskr.gateway;

import java.util.OptionalInt;
import okio.Utf8;

/**
 * Guesses how many tokens a call takes before it is made: one for four bytes of its body, and for
 * its answer as many as the answers of late. Thread-safe.
 */
final class TokenEstimate {
  private static final int BYTES_PER_TOKEN = 4;
  private static final double FIRST_ANSWER = 256;
  private static final double WEIGHT = 0.2;

  private double answer = FIRST_ANSWER;

  /** Tokens of a call whose answer is no text. */
  static long ofBody(String body) {
    return Utf8.size(body) / BYTES_PER_TOKEN + 1;
  }

  /**
   * Tokens of a call and its answer.
   *
   * @param most tokens of the answer, where they are bounded
   */
  synchronized long of(String body, OptionalInt most) {
    return ofBody(body) + (long) Math.min(answer, most.orElse(Integer.MAX_VALUE));
  }

  /** An answer had that many tokens. */
  synchronized void answered(long tokens) {
    answer += WEIGHT * (tokens - answer);
  }
}
