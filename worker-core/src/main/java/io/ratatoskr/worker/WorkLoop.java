package io.ratatoskr.worker;

import io.ratatoskr.niceness.Niceness;
import io.ratatoskr.schemas.Lane;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls a queue until the end is requested; after an unexpected failure with a new queue. */
final class WorkLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkLoop.class);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(500);

  private final Lane lane;
  private final Supplier<WorkQueue> newQueue;
  private final Stop stop;
  private final WorkerMetrics metrics;

  WorkLoop(Lane lane, Supplier<WorkQueue> newQueue, Stop stop, WorkerMetrics metrics) {
    this.lane = lane;
    this.newQueue = newQueue;
    this.stop = stop;
    this.metrics = metrics;
  }

  @Override
  public void run() {
    Niceness.COMPUTING.take(lane);
    try {
      while (!stop.requested()) {
        try (WorkQueue queue = newQueue.get()) {
          while (!stop.requested()) {
            queue.round();
          }
        } catch (InterruptedException e) {
          throw e;
        } catch (Throwable e) {
          // Whatever it is, errors included: a lane without a thread would be silence.
          metrics.restarted(lane);
          LOG.error("Taking {} work failed; starting anew", lane.topicName(), e);
          stop.pause(AFTER_FAILURE);
        }
      }
    } catch (InterruptedException e) {
      LOG.info("Taking {} work was interrupted; what is held goes back", lane.topicName());
    }
  }
}
