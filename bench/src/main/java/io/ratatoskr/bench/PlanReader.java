package io.ratatoskr.bench;

import java.util.List;

/**
 * Checks that an answer holds the pieces of its plan, each once and in order, however they are cut,
 * and takes the time that stamped ones were under way. Not for several threads at once.
 */
final class PlanReader {
  private final Plan plan;
  private final List<Double> delays;
  private int pieces;
  private long number;
  private int digits;
  private int padding;
  private long last = -1;
  private boolean broken;

  /**
   * @param delays gets the milliseconds of each stamped piece
   */
  PlanReader(Plan plan, List<Double> delays) {
    this.plan = plan;
    this.delays = delays;
  }

  void read(String text, long nowEpochMicros) {
    for (int i = 0; i < text.length(); i++) {
      read(text.charAt(i), nowEpochMicros);
    }
  }

  private void read(char character, long nowEpochMicros) {
    if (character >= '0' && character <= '9') {
      number = number * 10 + character - '0';
      digits++;
      broken |= padding > 0;
    } else if (character == 'x') {
      padding++;
    } else {
      broken |= character != ' ';
      end(nowEpochMicros);
    }
  }

  private void end(long nowEpochMicros) {
    broken |= digits == 0 || padding != plan.padding();
    if (plan.stamped()) {
      broken |= number < last;
      delays.add((nowEpochMicros - number) / 1e3);
    } else {
      broken |= number != pieces;
    }
    last = number;
    pieces++;
    number = 0;
    digits = 0;
    padding = 0;
  }

  /** What was read is void. */
  void restart() {
    pieces = 0;
    number = 0;
    digits = 0;
    padding = 0;
    last = -1;
    broken = false;
  }

  int pieces() {
    return pieces;
  }

  /** Whether exactly the pieces of the plan were read. */
  boolean isWhole() {
    return !broken && digits == 0 && pieces == plan.tokens();
  }

  /** Whether something was out of order, doubled or missing within. */
  boolean isBroken() {
    return broken;
  }
}
