package io.ratatoskr.worker;

/**
 * One member of the group that takes a lane's work. It belongs to the one thread that calls it.
 *
 * <p>What every implementation holds to: a record leaves the queue only after its outcome, or its
 * claim, is acknowledged on {@code results}; a claimed record whose claim did not succeed is not
 * run; a record that cannot be decoded stops nothing behind it.
 */
interface WorkQueue extends AutoCloseable {

  /** Waits a moment for work, takes some, runs it and settles it. Called again and again. */
  void round() throws InterruptedException;

  /** Leaves the group; the group gives what is still held to others. */
  @Override
  void close();
}
