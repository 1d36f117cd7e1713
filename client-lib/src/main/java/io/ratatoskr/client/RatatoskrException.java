package io.ratatoskr.client;

import org.jspecify.annotations.Nullable;

/** Why a call failed as a whole. */
public abstract sealed class RatatoskrException extends RuntimeException
    permits RequestFailedException, ClientClosedException, PipelineUnreachableException {

  RatatoskrException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
