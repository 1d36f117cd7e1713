package io.ratatoskr.embeddedkafka;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Compares the free space with a minimum each second and reports each change once. */
final class FreeSpaceWatch implements AutoCloseable {
  private final FreeSpace reading;
  private final long minimumBytes;
  private final FreeSpaceListener listener;
  private final ScheduledExecutorService timer;
  private boolean low;

  FreeSpaceWatch(FreeSpace reading, long minimumBytes, FreeSpaceListener listener) {
    this.reading = reading;
    this.minimumBytes = minimumBytes;
    this.listener = listener;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("embedded-kafka-free-space").factory());
    var _ = timer.scheduleWithFixedDelay(this::lookSafely, 0, 1, TimeUnit.SECONDS);
  }

  /** A throwing reading or listener must not end the watch. */
  private void lookSafely() {
    try {
      look();
    } catch (IOException | RuntimeException e) {
      EmbeddedKafka.LOG.warn("Looking at the free disk space failed; trying again", e);
    }
  }

  private void look() throws IOException {
    long usable = reading.usableBytes();
    if (!low && usable < minimumBytes) {
      low = true;
      listener.low(usable, minimumBytes);
    } else if (low && usable >= minimumBytes + minimumBytes / 8) {
      low = false;
      listener.recovered(usable);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
