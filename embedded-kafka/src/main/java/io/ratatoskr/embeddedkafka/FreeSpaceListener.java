package io.ratatoskr.embeddedkafka;

/**
 * Is told when disk runs short and when it no longer does, by turns, beginning with {@code low}.
 */
public interface FreeSpaceListener {

  /**
   * Free disk has fallen below the minimum. Stop producing now: Kafka gives up on a full disk.
   *
   * @param usableBytes what is left
   * @param minimumBytes the configured minimum
   */
  void low(long usableBytes, long minimumBytes);

  /**
   * There is an eighth more than the minimum again, so that it won't be short at once.
   *
   * @param usableBytes what is left
   */
  void recovered(long usableBytes);
}
