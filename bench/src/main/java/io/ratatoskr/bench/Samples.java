package io.ratatoskr.bench;

import java.util.Arrays;
import java.util.Collection;

/** Repeated measurements of one thing, in ascending order. */
final class Samples {
  private final double[] sorted;

  Samples(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no measurement");
    }
    sorted = values.clone();
    Arrays.sort(sorted);
  }

  Samples(Collection<Double> values) {
    this(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Of an even number of measurements the mean of the middle two. */
  double median() {
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** The smallest measurement that {@code share} of all are not above; share in 0..1. */
  double quantile(double share) {
    return sorted[Math.clamp((int) Math.ceil(share * sorted.length) - 1, 0, sorted.length - 1)];
  }

  int size() {
    return sorted.length;
  }

  /** Median and range. */
  @Override
  public String toString() {
    return "%s (%s–%s)"
        .formatted(
            Report.number(median()),
            Report.number(sorted[0]),
            Report.number(sorted[sorted.length - 1]));
  }
}
