package io.ratatoskr.allinone;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log when the parts of a start were ready, counted from the start of the process: that
 * of the script, which the JVM takes over.
 */
final class StartPhases {
  private static final Logger LOG = LoggerFactory.getLogger(StartPhases.class);

  private final Clock clock;
  private final Instant start;

  StartPhases(Clock clock, Instant start) {
    this.clock = clock;
    this.start = start;
  }

  /** Counted from the start of this process, or from now where the system does not tell that. */
  static StartPhases ofThisProcess() {
    Clock clock = Clock.systemUTC();
    return new StartPhases(
        clock, ProcessHandle.current().info().startInstant().orElseGet(clock::instant));
  }

  void reached(String phase) {
    LOG.info("{} ms: {}", Duration.between(start, clock.instant()).toMillis(), phase);
  }
}
