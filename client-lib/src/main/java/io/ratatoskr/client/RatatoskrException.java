package io.ratatoskr.client;

import org.jspecify.annotations.Nullable;

/** The failure of a whole call. */
public abstract sealed class RatatoskrException extends RuntimeException
    permits RequestFailedException, ClientClosedException, PipelineUnreachableException {

  RatatoskrException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
