package io.ratatoskr.bulk;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Prints progress: one live line on a terminal, a plain line every ten seconds elsewhere; and a
 * closing summary.
 */
public final class ProgressPrinter implements ProgressListener {
  private static final long PLAIN_PERIOD_NANOS = Duration.ofSeconds(10).toNanos();

  private final PrintStream out;
  private final boolean terminal;
  private final boolean colour;
  private final IntSupplier width;
  private final LongSupplier nanoTime;
  private @Nullable Long lastPlain;
  private int columns;

  /**
   * @param out usually standard error
   * @param terminal whether it is one
   * @param colour whether a terminal's line has colours
   * @param width columns of the terminal, asked each time
   * @param nanoTime clock, in nanoseconds
   */
  public ProgressPrinter(
      PrintStream out, boolean terminal, boolean colour, IntSupplier width, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.colour = colour;
    this.width = width;
    this.nanoTime = nanoTime;
  }

  @Override
  public void progress(Progress progress) {
    if (terminal) {
      // The last column stays free: many terminals break the line when it is filled.
      int room = Math.max(20, width.getAsInt() - 1);
      overwrite(
          ProgressLine.of(progress, room, colour), ProgressLine.of(progress, room, false).length());
      return;
    }
    long now = nanoTime.getAsLong();
    if (lastPlain == null) {
      lastPlain = now;
    } else if (now - lastPlain >= PLAIN_PERIOD_NANOS) {
      lastPlain = now;
      out.println(ProgressLine.of(progress, Integer.MAX_VALUE, false));
    }
  }

  /** Clears the live line and prints how the job ended. */
  public void close(JobResult result) {
    clear();
    ProgressLine.summary(result).lines().forEach(out::println);
    out.flush();
  }

  /** Clears the live line, so that something else can be printed. */
  public void clear() {
    if (terminal && columns > 0) {
      overwrite("", 0);
      out.print('\r');
      out.flush();
    }
  }

  private void overwrite(String line, int lineColumns) {
    out.print('\r' + line + " ".repeat(Math.max(0, columns - lineColumns)));
    out.flush();
    columns = lineColumns;
  }
}
