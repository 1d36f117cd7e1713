package io.ratatoskr.router;

/** The numbers that decisions depend on. */
record Rules(long backoffMs, long longestBackoffMs, long slackMs, long graceMs, int mostWaiters) {
  static Rules of(RouterConfig config) {
    return new Rules(
        config.attempts().backoff().toMillis(),
        config.attempts().longestBackoff().toMillis(),
        config.slack().toMillis(),
        config.grace().toMillis(),
        config.joining().waiters());
  }
}
