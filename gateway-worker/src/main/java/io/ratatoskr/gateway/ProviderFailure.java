package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import java.io.IOException;

/** Ends a call with a typed error. An {@code IOException}, so that it passes through the chain. */
public final class ProviderFailure extends IOException {
  private final transient InferenceError error;

  ProviderFailure(InferenceError error) {
    super(error.message());
    this.error = error;
  }

  /** What went wrong. */
  public InferenceError error() {
    return error;
  }
}
