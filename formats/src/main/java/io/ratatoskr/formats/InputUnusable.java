package io.ratatoskr.formats;

import org.jspecify.annotations.Nullable;

/** The input cannot be read, or has no such column; the message says what to do. */
public final class InputUnusable extends RuntimeException {
  InputUnusable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
