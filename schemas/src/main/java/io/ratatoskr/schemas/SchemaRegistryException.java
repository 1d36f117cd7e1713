package io.ratatoskr.schemas;

import org.jspecify.annotations.Nullable;

/** The schema registry gave no usable answer; the message names the address asked. */
public final class SchemaRegistryException extends RuntimeException {
  SchemaRegistryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
