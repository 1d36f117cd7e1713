package io.ratatoskr.allinone;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Parts in the order in which they were started; they are closed in the opposite one. */
final class StartedParts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StartedParts.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /** Adds the part that was started last. */
  void push(AutoCloseable part) {
    parts.push(part);
  }

  /** Closes all, also where closing one fails. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      long begin = System.nanoTime();
      try {
        part.close();
        LOG.debug("{} ms: closed {}", (System.nanoTime() - begin) / 1_000_000, part.getClass());
      } catch (Exception e) {
        LOG.warn("Closing {} failed: {}", part, e.toString());
      }
    }
  }
}
