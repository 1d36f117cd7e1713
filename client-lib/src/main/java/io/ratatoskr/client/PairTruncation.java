package io.ratatoskr.client;

/** What happens to a pair of texts above the model's limit. */
public enum PairTruncation {
  /** It fails with {@code ContextLengthExceeded}; the default. */
  ERROR,
  /** Whichever of its texts is the longer loses tokens until it fits; its outcome says so. */
  LONGEST_FIRST;

  io.ratatoskr.schemas.wire.PairTruncation toWire() {
    return switch (this) {
      case ERROR -> io.ratatoskr.schemas.wire.PairTruncation.ERROR;
      case LONGEST_FIRST -> io.ratatoskr.schemas.wire.PairTruncation.LONGEST_FIRST;
    };
  }
}
