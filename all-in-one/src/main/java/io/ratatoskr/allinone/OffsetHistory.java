package io.ratatoskr.allinone;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Remembers how far an offset that only grows had come some time ago, to a sixteenth of that time.
 * Not thread-safe.
 */
final class OffsetHistory {
  private static final int POINTS = 16;

  private final long ageMs;
  private final Deque<Point> points = new ArrayDeque<>();
  private long past;

  private record Point(long atMs, long offset) {}

  /**
   * @param age how long ago is asked for
   */
  OffsetHistory(Duration age) {
    this.ageMs = age.toMillis();
  }

  /**
   * The offset has come to here.
   *
   * @return where it was at least {@code age} ago, as far as is known; else 0
   */
  long past(long offset, long nowMs) {
    Point last = points.peekLast();
    if (last == null || nowMs - last.atMs() >= ageMs / POINTS) {
      points.addLast(new Point(nowMs, offset));
    }
    for (Point first = points.peekFirst();
        first != null && nowMs - first.atMs() >= ageMs;
        first = points.peekFirst()) {
      past = first.offset();
      points.removeFirst();
    }
    return past;
  }
}
