package io.ratatoskr.schemas;

/**
 * One run of a job. Cancelling a job cancels the requests of that run and of the earlier ones, so
 * that whoever takes the job up again sends under a later epoch.
 *
 * @param job name of the job, 1 to 100 characters
 * @param epoch number of the run, 0 or more; later runs have higher ones
 */
public record JobEpoch(String job, long epoch) {
  private static final int LONGEST_NAME = 100;

  public JobEpoch {
    if (job.isBlank() || job.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          Envelope.JOB + ": 1 to " + LONGEST_NAME + " characters, not '" + job + "'");
    }
    if (epoch < 0) {
      throw new IllegalArgumentException(Envelope.JOB_EPOCH + ": 0 or more, not " + epoch);
    }
  }

  /** Whether cancelling this run cancels what belongs to that one. */
  public boolean covers(JobEpoch other) {
    return job.equals(other.job) && epoch >= other.epoch;
  }

  @Override
  public String toString() {
    return job + "/" + epoch;
  }
}
