package io.ratatoskr.router;

import io.ratatoskr.schemas.Lane;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells about topics without asking a broker: processors look here before they send, since a record
 * for a topic or partition that does not exist would block its stream thread.
 */
interface TopicDirectory {

  /** How many partitions a topic has; 0 if it is not known to exist. */
  int partitions(String topic);

  /** The names of the topics that are known to exist; the same object while they are the same. */
  Set<String> topics();

  /**
   * How far a partition of a lane's {@code results} reaches and has been read, as found by a look
   * that began after {@code sinceMs}; null if there was none yet.
   */
  @Nullable Progress progress(Lane lane, int partition, long sinceMs);

  /**
   * The state of a partition.
   *
   * @param end offset of its next record
   * @param committed offset up to which the router has committed it; 0 if it has not
   */
  record Progress(long end, long committed) {}
}
