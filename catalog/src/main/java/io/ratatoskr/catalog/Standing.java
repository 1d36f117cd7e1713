package io.ratatoskr.catalog;

/**
 * How a model of a pool did lately, as all routers saw it together.
 *
 * @param circuit whether requests go there
 * @param sinceMs when the circuit came to that state, in epoch milliseconds; 0 if it never changed
 * @param recoversMs when an open circuit lets first probes through, in epoch milliseconds; 0 where
 *     it is not open
 * @param notBeforeMs until when a rate limit asks to be left alone, in epoch milliseconds; 0 where
 *     none does
 * @param failureRate moving average of the share of attempts that failed, 0 to 1
 * @param firstTokenMs moving average from a worker's start until the first token of a stream, in
 *     milliseconds; 0 while unknown
 * @param tokensPerSecond moving average of the tokens of an answer in a second of its execution; 0
 *     while unknown
 * @param executionMs moving average of the time that a worker takes for an answer, in milliseconds;
 *     0 while unknown
 * @param probes who may probe a half-open circuit; {@link Probes#NONE} in other states
 */
public record Standing(
    Circuit circuit,
    long sinceMs,
    long recoversMs,
    long notBeforeMs,
    double failureRate,
    double firstTokenMs,
    double tokensPerSecond,
    double executionMs,
    Probes probes) {

  /** Of whom nothing was reported: it may be asked. */
  public static final Standing UNKNOWN =
      new Standing(Circuit.CLOSED, 0, 0, 0, 0, 0, 0, 0, Probes.NONE);

  /**
   * When it may be asked, in epoch milliseconds: after a rate limit's pause, and after the recovery
   * delay of an open circuit; at or before now where nothing is in the way. A half-open circuit
   * takes probes alone, whatever the time.
   */
  public long askableMs() {
    return Math.max(recoversMs, notBeforeMs);
  }
}
