package io.ratatoskr.client;

import org.jspecify.annotations.Nullable;

/** No broker answered, or the topics are not there; the message names the address or the topic. */
public final class PipelineUnreachableException extends RatatoskrException {
  public PipelineUnreachableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
