package io.ratatoskr.router.health;

/**
 * Measurements of one kind since the last report.
 *
 * @param count how many, from 0
 * @param mean of them; of any value where there are none
 */
record Sample(int count, double mean) {
  static final Sample NONE = new Sample(0, 0);

  /** How far one measurement moves a moving average. */
  private static final double WEIGHT = 0.2;

  Sample plus(double value) {
    return new Sample(count + 1, mean + (value - mean) / (count + 1));
  }

  /** The moving average after these; an average of 0 is none yet. */
  double into(double average) {
    if (count == 0) {
      return average;
    }
    return average == 0 ? mean : mean + Math.pow(1 - WEIGHT, count) * (average - mean);
  }
}
