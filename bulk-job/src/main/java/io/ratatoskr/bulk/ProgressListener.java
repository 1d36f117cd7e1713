package io.ratatoskr.bulk;

/** Receives snapshots of a job's progress. */
@FunctionalInterface
public interface ProgressListener {
  /**
   * Called a few times a second, from the job's thread, and once more when the job is whole, with
   * all lines done; must return quickly.
   */
  void progress(Progress progress);

  /** Takes no notice. */
  static ProgressListener none() {
    return progress -> {};
  }
}
