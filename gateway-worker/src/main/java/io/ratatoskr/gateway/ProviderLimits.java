package io.ratatoskr.gateway;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How much a provider is asked at once. The number of calls at once adapts below its bound: it is
 * halved when the provider says that it is asked too much, and grows by one for each round of calls
 * that went well.
 *
 * @param concurrent most calls at once; positive
 * @param requestsPerSecond most calls a second; positive; absent for no such limit
 * @param burst most calls that may be made at once after a pause; positive
 * @param tokensPerMinute most tokens of requests and answers a minute; positive; absent for no such
 *     limit
 * @param queueTimeout longest wait for a place; not negative
 * @param modelsAtOnce models that an Ollama server is asked for at once; positive
 */
public record ProviderLimits(
    int concurrent,
    OptionalDouble requestsPerSecond,
    int burst,
    OptionalLong tokensPerMinute,
    Duration queueTimeout,
    int modelsAtOnce) {

  private static final ProviderLimits DEFAULTS =
      new ProviderLimits(
          256, OptionalDouble.empty(), 20, OptionalLong.empty(), Duration.ofSeconds(30), 1);

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
    if (tokensPerMinute.isPresent() && tokensPerMinute.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "limits.tokens-per-minute: must be positive, is " + tokensPerMinute.getAsLong());
    }
    if (modelsAtOnce < 1) {
      throw new IllegalArgumentException(
          "limits.models-at-once: must be positive, is " + modelsAtOnce);
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
    return new ProviderLimits(
        most, requestsPerSecond, burst, tokensPerMinute, queueTimeout, modelsAtOnce);
  }

  public ProviderLimits withTokensPerMinute(long most) {
    return new ProviderLimits(
        concurrent, requestsPerSecond, burst, OptionalLong.of(most), queueTimeout, modelsAtOnce);
  }

  public ProviderLimits withModelsAtOnce(int most) {
    return new ProviderLimits(
        concurrent, requestsPerSecond, burst, tokensPerMinute, queueTimeout, most);
  }
}
