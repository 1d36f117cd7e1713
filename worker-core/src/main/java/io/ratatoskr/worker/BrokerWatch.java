package io.ratatoskr.worker;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Tells whether a broker that has answered before still does, by the connections of this worker's
 * producer and the acknowledgements of its heartbeats: one that is only starting takes connections
 * and is silent. Thread-safe.
 *
 * <p>A share consumer without a broker does not wait in its poll but spins, on the caller's thread
 * and on its own. On the machine of the broker the consumers of a few workers take the processors
 * that its restart needs, so who has one asks here and closes it meanwhile.
 */
final class BrokerWatch {
  private final long patienceNanos;
  private final DoubleSupplier connections;
  private final LongSupplier nanoTime;
  private volatile boolean known;
  private volatile long answeredNanos;

  /**
   * @param patience how long after its last answer a broker counts as silent
   * @param connections to brokers, of a client that always has something to say
   */
  BrokerWatch(Duration patience, DoubleSupplier connections, LongSupplier nanoTime) {
    this.patienceNanos = patience.toNanos();
    this.connections = connections;
    this.nanoTime = nanoTime;
  }

  /** The broker has acknowledged something. */
  void answered() {
    answeredNanos = nanoTime.getAsLong();
    known = true;
  }

  boolean silent() {
    return known
        && (connections.getAsDouble() == 0 || nanoTime.getAsLong() - answeredNanos > patienceNanos);
  }
}
