package io.ratatoskr.catalog;

import io.ratatoskr.schemas.wire.CircuitState;
import io.ratatoskr.schemas.wire.CircuitStatus;
import java.util.Locale;
import java.util.Map;

/**
 * How a model of a pool did lately, as all routers saw it together.
 *
 * @param circuit whether requests go there
 * @param sinceMs when the circuit last opened, became half open or closed again, in epoch
 *     milliseconds; 0 if it never did
 * @param recoversMs when an open circuit lets first probes through, in epoch milliseconds; 0 where
 *     it is not open
 * @param notBeforeMs until when a rate limit asks to be left alone, in epoch milliseconds; 0 where
 *     none ever did
 * @param failureRate moving average of the share of attempts that failed, 0 to 1
 * @param firstTokenMs moving average from a worker's start until the first token of a stream, in
 *     milliseconds; 0 while unknown
 * @param tokensPerSecond moving average of the tokens of an answer in a second of its execution; 0
 *     while unknown
 * @param executionMs moving average of the time that a worker takes for an answer, in milliseconds;
 *     0 while unknown
 * @param probes how many requests each router may send as probes in all while the circuit is half
 *     open, by the router's id; empty in other states
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
    Map<String, Integer> probes) {

  /** A permit that is given up is given to another router within about this time. */
  private static final long NEXT_PERMIT_MS = 500;

  private static final long SECOND_MS = 1_000;
  private static final double PERCENT = 100;

  /** Of whom nothing was reported: it may be asked. */
  public static final Standing UNKNOWN =
      new Standing(Circuit.CLOSED, 0, 0, 0, 0, 0, 0, 0, Map.of());

  /** Keeps a copy. */
  public Standing {
    probes = Map.copyOf(probes);
  }

  /**
   * When it may be asked, in epoch milliseconds: after a rate limit's pause, and after the recovery
   * delay of an open circuit; at or before now where nothing is in the way. A half-open circuit
   * takes probes alone, whatever the time.
   */
  public long askableMs() {
    return Math.max(recoversMs, notBeforeMs);
  }

  /**
   * When to look again, in epoch milliseconds, whether it may be asked, where it may not be asked
   * now; for a half-open circuit that is when another permit may have been given.
   */
  public long looksAgainMs(long now) {
    return circuit == Circuit.HALF_OPEN ? Math.max(notBeforeMs, now + NEXT_PERMIT_MS) : askableMs();
  }

  /** One line for people, such as {@code open, probed in 12 s; 80% fail, 310 ms an answer}. */
  public String summary(long now) {
    StringBuilder line =
        new StringBuilder(circuit.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    if (circuit == Circuit.OPEN) {
      line.append(", probed in ").append(seconds(recoversMs - now));
    }
    if (notBeforeMs > now) {
      line.append(", rate limited for ").append(seconds(notBeforeMs - now));
    }
    line.append(String.format(Locale.ROOT, "; %.0f%% fail", failureRate * PERCENT));
    if (firstTokenMs > 0) {
      line.append(String.format(Locale.ROOT, ", first token after %.0f ms", firstTokenMs));
    }
    if (tokensPerSecond > 0) {
      line.append(String.format(Locale.ROOT, ", %.0f tokens/s", tokensPerSecond));
    }
    if (executionMs > 0) {
      line.append(String.format(Locale.ROOT, ", %.0f ms an answer", executionMs));
    }
    return line.toString();
  }

  private static String seconds(long ms) {
    return Math.max(0, (ms + SECOND_MS - 1) / SECOND_MS) + " s";
  }

  /** What a record says. */
  public static Standing ofWire(CircuitStatus wire) {
    return new Standing(
        Circuit.valueOf(wire.getCircuit().name()),
        wire.getSinceMs(),
        wire.getRecoversMs(),
        wire.getNotBeforeMs(),
        wire.getFailureRate(),
        wire.getFirstTokenMs(),
        wire.getTokensPerSecond(),
        wire.getExecutionMs(),
        wire.getProbes());
  }

  /** The record that says so. */
  public CircuitStatus toWire() {
    return CircuitStatus.newBuilder()
        .setCircuit(CircuitState.valueOf(circuit.name()))
        .setSinceMs(sinceMs)
        .setRecoversMs(recoversMs)
        .setNotBeforeMs(notBeforeMs)
        .setFailureRate(failureRate)
        .setFirstTokenMs(firstTokenMs)
        .setTokensPerSecond(tokensPerSecond)
        .setExecutionMs(executionMs)
        .setProbes(probes)
        .build();
  }
}
