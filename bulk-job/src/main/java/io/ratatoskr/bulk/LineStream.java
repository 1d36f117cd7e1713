package io.ratatoskr.bulk;

import io.ratatoskr.formats.Line;
import io.ratatoskr.formats.LineInput;
import io.ratatoskr.formats.LineSource;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link LineJob} without files of its own: answers go to a stream, in the input's order, each as
 * soon as those before it are written. Nothing is kept, so nothing can be resumed.
 */
public final class LineStream implements AutoCloseable {
  private final JobLimits limits;
  private final BulkJob.Surroundings surroundings;
  private final LineSource source;

  private LineStream(JobLimits limits, BulkJob.Surroundings surroundings, LineSource source) {
    this.limits = limits;
    this.surroundings = surroundings;
    this.source = source;
  }

  /**
   * Opens the input.
   *
   * @throws io.ratatoskr.formats.InputUnusable if it cannot be read
   */
  public static LineStream open(
      LineInput input, JobLimits limits, BulkJob.Surroundings surroundings) {
    return new LineStream(
        limits,
        surroundings,
        LineSource.open(input, List.of("text"), surroundings.standardInput()));
  }

  /**
   * Does the work, once.
   *
   * @param output takes answers; flushed when what is answered is written
   * @param errors takes an error line for each line without an answer
   * @throws BulkJobException if it cannot be done
   * @throws io.ratatoskr.formats.InputUnusable if there is no reading on; what was read before is
   *     answered first
   */
  public StreamJob.Ended run(
      LineJob.Answerer answerer, OutputStream output, OutputStream errors, CancelSignal cancel)
      throws InterruptedException {
    ReadAhead reading = ReadAhead.of(source, () -> {});
    ToStreams sink = new ToStreams(output, errors);
    try {
      boolean whole =
          new LineJobRun(
                  limits,
                  surroundings.time(),
                  answerer,
                  new Arriving(reading),
                  sink,
                  new ProgressMeter(surroundings.time()::nanos, "lines", ProgressListener.none()),
                  cancel)
              .run();
      if (!whole) {
        return new StreamJob.Ended.Interrupted();
      }
      reading.requireWhole();
      return new StreamJob.Ended.Whole(sink.answers, sink.refusals);
    } catch (IOException e) {
      return StreamJob.readerGone(e);
    } finally {
      reading.stop();
    }
  }

  @Override
  public void close() {
    source.close();
  }

  /** Lines as they come. */
  private static final class Arriving implements LineJobRun.Lines {
    private final ReadAhead reading;
    private final Deque<Line> taken = new ArrayDeque<>();
    private long read;

    Arriving(ReadAhead reading) {
      this.reading = reading;
    }

    @Override
    public @Nullable Line next() {
      if (taken.isEmpty()) {
        taken.addAll(reading.take());
      }
      Line next = taken.pollFirst();
      read += next == null ? 0 : 1;
      return next;
    }

    @Override
    public boolean ended() {
      return taken.isEmpty() && reading.exhausted();
    }

    @Override
    public long linesRead() {
      return read;
    }

    @Override
    public double fractionRead() {
      return -1;
    }
  }

  private static final class ToStreams implements LineJobRun.Sink {
    private final OutputStream output;
    private final OutputStream errors;
    private long answers;
    private long refusals;

    ToStreams(OutputStream output, OutputStream errors) {
      this.output = output;
      this.errors = errors;
    }

    @Override
    public void answer(byte[] line) throws IOException {
      output.write(line);
      output.write('\n');
      answers++;
    }

    @Override
    public void refusal(byte[] line) throws IOException {
      errors.write(line);
      errors.write('\n');
      errors.flush();
      refusals++;
    }

    @Override
    public void written() throws IOException {
      output.flush();
    }

    @Override
    public void check() {}
  }
}
