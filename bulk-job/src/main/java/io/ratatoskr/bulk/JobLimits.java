package io.ratatoskr.bulk;

import java.time.Duration;

/**
 * The bounds of a job.
 *
 * @param inFlight records sent and not yet answered, 1 to 10,000
 * @param patience how long the job keeps trying while nothing at all is answered
 * @param minFreeBytes free space on the output's disk below which the job stops
 */
public record JobLimits(int inFlight, Duration patience, long minFreeBytes) {

  public JobLimits {
    if (inFlight < 1 || inFlight > 10_000) {
      throw new IllegalArgumentException("inflight: 1 to 10,000, not " + inFlight);
    }
    if (patience.isNegative() || patience.isZero()) {
      throw new IllegalArgumentException("patience: must be positive, is " + patience);
    }
    if (minFreeBytes < 0) {
      throw new IllegalArgumentException("min-free-bytes: must not be negative");
    }
  }

  /** 64 records in flight, 10 minutes of patience, 256 MiB kept free. */
  public static JobLimits defaults() {
    return new JobLimits(64, Duration.ofMinutes(10), 256L << 20);
  }

  public JobLimits withInFlight(int newInFlight) {
    return new JobLimits(newInFlight, patience, minFreeBytes);
  }

  public JobLimits withPatience(Duration newPatience) {
    return new JobLimits(inFlight, newPatience, minFreeBytes);
  }

  public JobLimits withMinFreeBytes(long newMinFreeBytes) {
    return new JobLimits(inFlight, patience, newMinFreeBytes);
  }
}
