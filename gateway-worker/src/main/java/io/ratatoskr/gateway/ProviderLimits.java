package io.ratatoskr.gateway;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * How much a provider is asked at once. The number of calls at once adapts below its bound: it is
 * halved when the provider says that it is asked too much, and grows by one for each round of calls
 * that went well.
 *
 * @param concurrent most calls at once; positive
 * @param requestsPerSecond most calls a second; positive; absent for no such limit
 * @param burst most calls that may be made at once after a pause; positive
 * @param queueTimeout longest wait for a place; not negative
 */
public record ProviderLimits(
    int concurrent, OptionalDouble requestsPerSecond, int burst, Duration queueTimeout) {

  private static final ProviderLimits DEFAULTS =
      new ProviderLimits(256, OptionalDouble.empty(), 20, Duration.ofSeconds(30));

  public ProviderLimits {
    if (concurrent < 1) {
      throw new IllegalArgumentException("limits.concurrent: must be positive, is " + concurrent);
    }
    if (requestsPerSecond.isPresent() && !(requestsPerSecond.getAsDouble() > 0)) {
      throw new IllegalArgumentException(
          "limits.requests-per-second: must be positive, is " + requestsPerSecond.getAsDouble());
    }
    if (burst < 1) {
      throw new IllegalArgumentException("limits.burst: must be positive, is " + burst);
    }
    if (queueTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "limits.queue-timeout: must not be negative, is " + queueTimeout);
    }
  }

  /** 256 calls at once, at any rate; 30 s for a place. */
  public static ProviderLimits defaults() {
    return DEFAULTS;
  }

  public ProviderLimits withConcurrent(int most) {
    return new ProviderLimits(most, requestsPerSecond, burst, queueTimeout);
  }
}
