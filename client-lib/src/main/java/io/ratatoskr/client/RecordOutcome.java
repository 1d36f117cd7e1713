package io.ratatoskr.client;

/** The outcome of one request record. */
sealed interface RecordOutcome {

  /**
   * An answer.
   *
   * @param payload the reply record of the capability, not decoded
   * @param provenance who answered
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Answer(byte[] payload, Provenance provenance) implements RecordOutcome {}

  /** The record has no answer, for this reason. */
  record Failure(RatatoskrException cause) implements RecordOutcome {}
}
