package io.ratatoskr.schemas;

import org.jspecify.annotations.Nullable;

/** Bytes that are no record of a known schema; the message says in what way. */
public final class UndecodableRecordException extends RuntimeException {
  UndecodableRecordException(String message) {
    super(message);
  }

  /** For readers of what records hold. */
  public UndecodableRecordException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
