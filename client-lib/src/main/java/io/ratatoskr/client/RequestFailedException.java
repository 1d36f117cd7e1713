package io.ratatoskr.client;

import io.ratatoskr.schemas.InferenceError;

/** The request was answered with an error, or refused before it was sent. */
public final class RequestFailedException extends RatatoskrException {
  private final transient InferenceError error;

  public RequestFailedException(InferenceError error) {
    super(error.code().wireName() + ": " + error.message(), null);
    this.error = error;
  }

  /** The typed error. */
  public InferenceError error() {
    return error;
  }
}
