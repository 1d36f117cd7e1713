package io.ratatoskr.gateway;

import java.time.Duration;

/**
 * How long a provider may be silent; each is positive.
 *
 * @param connect until a connection stands
 * @param read until the next byte of an answer, the first one included
 * @param write until a part of a request is taken
 */
public record ProviderTimeouts(Duration connect, Duration read, Duration write) {
  private static final ProviderTimeouts DEFAULTS =
      new ProviderTimeouts(Duration.ofSeconds(5), Duration.ofMinutes(2), Duration.ofSeconds(30));

  public ProviderTimeouts {
    positive("timeouts.connect", connect);
    positive("timeouts.read", read);
    positive("timeouts.write", write);
  }

  private static void positive(String key, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException(key + ": must be positive, is " + value);
    }
  }

  /** 5 s to connect, 120 s to read, 30 s to write. */
  public static ProviderTimeouts defaults() {
    return DEFAULTS;
  }

  public ProviderTimeouts withRead(Duration newRead) {
    return new ProviderTimeouts(connect, newRead, write);
  }
}
