package io.ratatoskr.schemas;

import java.util.Locale;
import java.util.Optional;

/** The places that a request's data may go to. */
public enum DataPolicy {
  /** Only to engines on this deployment's own machines; the default. */
  LOCAL_ONLY,
  /** To a remote provider only if no local engine can answer. */
  PREFER_LOCAL,
  /** Anywhere. */
  REMOTE_ALLOWED;

  /** The value of the {@code data-policy} header. */
  public String headerValue() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<DataPolicy> ofHeaderValue(String value) {
    for (DataPolicy policy : values()) {
      if (policy.headerValue().equals(value)) {
        return Optional.of(policy);
      }
    }
    return Optional.empty();
  }
}
