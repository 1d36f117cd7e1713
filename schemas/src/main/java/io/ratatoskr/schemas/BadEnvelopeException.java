package io.ratatoskr.schemas;

/** A request's headers do not say what the router must know. */
public final class BadEnvelopeException extends RuntimeException {
  BadEnvelopeException(String message) {
    super(message);
  }
}
