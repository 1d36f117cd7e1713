package io.ratatoskr.gateway;

import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a request belongs to, as W3C's trace context names it.
 *
 * @param id of the trace, 32 hex digits
 * @param flags two hex digits, such as whether it is recorded
 */
record Trace(String id, String flags) {
  private static final Pattern TRACEPARENT =
      Pattern.compile("00-([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})");
  private static final String NO_ID = "0".repeat(32);

  /** The trace of a {@code traceparent}; empty where there is none, or none that is valid. */
  static Optional<Trace> of(@Nullable String traceparent) {
    if (traceparent == null) {
      return Optional.empty();
    }
    Matcher matcher = TRACEPARENT.matcher(traceparent);
    return matcher.matches() && !matcher.group(1).equals(NO_ID)
        ? Optional.of(new Trace(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  /** The {@code traceparent} of a new span in it. */
  String child(RandomGenerator random) {
    long span = random.nextLong();
    while (span == 0) {
      span = random.nextLong();
    }
    return "00-%s-%016x-%s".formatted(id, span, flags);
  }
}
