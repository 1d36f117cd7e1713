package io.ratatoskr.bulk;

import io.ratatoskr.formats.Line;
import io.ratatoskr.formats.LineSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines on a thread of its own, so that an input that is slow, such as another command's
 * output, holds up no answers. What it has read waits here, up to a bound.
 */
final class ReadAhead {
  private static final int LINES = 1024;

  private final LineSource source;
  private final Runnable arrived;
  private final BlockingQueue<Line> lines = new ArrayBlockingQueue<>(LINES);
  private final Thread thread;
  private volatile boolean ended;
  private volatile @Nullable RuntimeException failure;

  /**
   * @param arrived called after each line and after the last, on the reading thread
   */
  private ReadAhead(LineSource source, Runnable arrived) {
    this.source = source;
    this.arrived = arrived;
    this.thread = Thread.ofPlatform().daemon().name("read-ahead").unstarted(this::read);
  }

  static ReadAhead of(LineSource source, Runnable arrived) {
    ReadAhead reading = new ReadAhead(source, arrived);
    reading.thread.start();
    return reading;
  }

  private void read() {
    try {
      for (Line line = source.next(); line != null; line = source.next()) {
        lines.put(line);
        arrived.run();
      }
    } catch (RuntimeException e) {
      failure = e;
    } catch (InterruptedException e) {
      // Nobody takes lines any more.
    }
    ended = true;
    arrived.run();
  }

  /** The lines that are there, some hundreds at most. */
  List<Line> take() {
    List<Line> taken = new ArrayList<>();
    lines.drainTo(taken);
    return taken;
  }

  /** Whether there is nothing more to take, ever. */
  boolean exhausted() {
    return ended && lines.isEmpty();
  }

  /**
   * Looks why reading ended.
   *
   * @throws io.ratatoskr.formats.InputUnusable if it was not the input's end
   */
  void requireWhole() {
    RuntimeException failed = failure;
    if (failed != null) {
      throw failed;
    }
  }

  /** Reads no more. A read that waits for standard input is left alone. */
  void stop() {
    thread.interrupt();
  }
}
