package io.ratatoskr.gateway;

import java.util.Optional;

/**
 * How a server's probes went.
 *
 * <pre>
 *  UNKNOWN --ok--> HEALTHY --failed--> DEGRADED --failed, 3 in a row--> UNHEALTHY
 *                     ^                   |                                 |
 *                     +-------ok----------+      +--------ok, 2 in a row----+
 *                     +--------------------------+
 * </pre>
 *
 * @param health what follows from them
 * @param failures that were the last ones in a row
 * @param successes that were the last ones in a row
 */
public record HealthState(Health health, int failures, int successes) {
  /** Failures in a row after which a server is not asked. */
  static final int FAILURES = 3;

  /** Successes in a row after which it is asked again. */
  static final int SUCCESSES = 2;

  /** Whether a server is to be asked. */
  public enum Health {
    UNKNOWN,
    HEALTHY,
    DEGRADED,
    UNHEALTHY
  }

  /** A change that is worth telling. */
  public enum Change {
    HEALTHY,
    DEGRADED,
    UNHEALTHY,
    RECOVERED
  }

  /** Nothing is known yet. */
  public static HealthState unknown() {
    return new HealthState(Health.UNKNOWN, 0, 0);
  }

  /** The state after another probe. */
  public HealthState after(boolean success) {
    int failed = success ? 0 : failures + 1;
    int succeeded = success ? successes + 1 : 0;
    return new HealthState(next(failed, succeeded), failed, succeeded);
  }

  private Health next(int failed, int succeeded) {
    if (failed >= FAILURES) {
      return Health.UNHEALTHY;
    }
    return switch (health) {
      case UNKNOWN, HEALTHY, DEGRADED -> failed > 0 ? Health.DEGRADED : Health.HEALTHY;
      case UNHEALTHY -> succeeded >= SUCCESSES ? Health.HEALTHY : Health.UNHEALTHY;
    };
  }

  /** What there is to tell, compared with the state before. */
  public Optional<Change> since(HealthState before) {
    if (health == before.health) {
      return Optional.empty();
    }
    return switch (health) {
      case UNKNOWN -> Optional.empty();
      case HEALTHY ->
          Optional.of(before.health == Health.UNKNOWN ? Change.HEALTHY : Change.RECOVERED);
      case DEGRADED -> Optional.of(Change.DEGRADED);
      case UNHEALTHY -> Optional.of(Change.UNHEALTHY);
    };
  }
}
