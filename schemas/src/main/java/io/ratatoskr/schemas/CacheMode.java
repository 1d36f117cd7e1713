package io.ratatoskr.schemas;

import java.util.Locale;
import java.util.Optional;

/**
 * How a request of the interactive lane takes part in answer cache and joining. Any mode but {@link
 * #OFF} lets identical requests in flight share one inference.
 */
public enum CacheMode {
  /** An inference of its own; the default. */
  OFF,
  /** Read an answer if there is one, store it otherwise. */
  ON,
  /** Read, never store. */
  READ_ONLY,
  /** Store a fresh answer, never read. */
  WRITE_ONLY;

  /** Whether a stored answer may serve. */
  public boolean reads() {
    return this == ON || this == READ_ONLY;
  }

  /** Whether the answer may be stored. */
  public boolean writes() {
    return this == ON || this == WRITE_ONLY;
  }

  /** The value of the {@code cache} header. */
  public String headerValue() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<CacheMode> ofHeaderValue(String value) {
    for (CacheMode mode : values()) {
      if (mode.headerValue().equals(value)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }
}
