package io.ratatoskr.worker;

import io.ratatoskr.schemas.Lane;
import java.util.function.BooleanSupplier;

/**
 * The parts that the queues of one lane share.
 *
 * @param lane the lane
 * @param queue the queue's name; empty for the one that every pool has
 * @param topic its work topic
 * @param reader makes tasks of records
 * @param execution runs them
 * @param publisher publishes claims
 * @param aborts the work that nobody wants any more
 * @param ready whether work may be taken
 * @param gate between the lanes
 * @param isolation between what runs together and what runs alone
 * @param pace the lane's speed
 * @param turns between the lane's queues
 * @param broker whether the broker answers
 * @param stop the request to end
 * @param metrics meters
 */
record LaneContext<T>(
    Lane lane,
    String queue,
    String topic,
    WorkReader<T> reader,
    Execution<T> execution,
    ResultPublisher publisher,
    Aborts aborts,
    BooleanSupplier ready,
    BulkGate gate,
    Isolation isolation,
    Pace pace,
    Turns turns,
    BrokerWatch broker,
    Stop stop,
    WorkerMetrics metrics) {

  /** The same parts for another queue of the lane. */
  LaneContext<T> of(String other, String itsTopic) {
    return new LaneContext<>(
        lane, other, itsTopic, reader, execution, publisher, aborts, ready, gate, isolation, pace,
        turns, broker, stop, metrics);
  }

  /** A batch begins; {@link #ends} must follow. */
  void begins() {
    switch (lane) {
      case INTERACTIVE -> gate.interactiveBegins();
      case BULK -> gate.bulkBegins(System.nanoTime());
    }
    pace.begin(System.nanoTime());
  }

  /** The batch has ended. */
  void ends(int records, int items) {
    pace.end(records, items, System.nanoTime());
    switch (lane) {
      case INTERACTIVE -> gate.interactiveEnds();
      case BULK -> gate.bulkEnds(System.nanoTime());
    }
  }
}
