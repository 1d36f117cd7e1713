package io.ratatoskr.bulk;

import io.ratatoskr.bulk.BulkJobException.PipelineFailed;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.formats.ErrorLine;
import io.ratatoskr.formats.JsonRows;
import io.ratatoskr.formats.Line;
import io.ratatoskr.formats.LineInput;
import io.ratatoskr.formats.LineSource;
import io.ratatoskr.formats.Row;
import io.ratatoskr.schemas.Lane;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks about every line of an input and writes rows to a stream: JSON lines, in the input's order,
 * each as soon as those before it are written. Lines without a row are told of on another stream.
 * Nothing is kept, so nothing can be resumed; what is to survive an end is a {@link BulkJob}.
 *
 * <p>A slow input is asked about as it comes; a slow reader of the output holds the job up.
 */
public final class StreamJob implements AutoCloseable {
  /** Lines read and not yet written beyond which no more are taken. */
  private static final int OPEN_LINES = 8 * 1024;

  private static final int PENDING_BYTES = 1 << 20;
  private static final Duration TICK = Duration.ofMillis(100);

  private final Inquiry inquiry;
  private final RequestOptions options;
  private final JobLimits limits;
  private final BulkJob.Surroundings surroundings;
  private final JsonRows json;
  private final LineSource source;

  /** The end of a job that did not fail. */
  public sealed interface Ended {
    /** Every line has its row or its error line. */
    record Whole(long rows, long errorLines) implements Ended {}

    /** Nobody reads the output any more. */
    record ReaderGone() implements Ended {}

    /** The job was told to stop. */
    record Interrupted() implements Ended {}
  }

  private StreamJob(
      LineInput input,
      Inquiry inquiry,
      RequestOptions options,
      JobLimits limits,
      BulkJob.Surroundings surroundings) {
    this.inquiry = inquiry;
    this.options = options.withLane(Lane.BULK);
    this.limits = limits;
    this.surroundings = surroundings;
    this.json = new JsonRows(inquiry.columns(), input.keep());
    this.source = LineSource.open(input, inquiry.parts(), surroundings.standardInput());
  }

  /**
   * Opens the input.
   *
   * @throws io.ratatoskr.formats.InputUnusable if it cannot be read
   * @throws IllegalArgumentException if its fields are not those of the kind
   */
  public static StreamJob open(
      LineInput input,
      JobKind kind,
      RequestOptions options,
      JobLimits limits,
      BulkJob.Surroundings surroundings) {
    JobConfig.requireFit(input, kind);
    return new StreamJob(input, Inquiry.of(kind), options, limits, surroundings);
  }

  /**
   * Does the work, once.
   *
   * @param output takes rows; flushed when what is answered is written
   * @param errors takes an error line for each line without a row
   * @throws BulkJobException if it cannot be done
   * @throws io.ratatoskr.formats.InputUnusable if there is no reading on; what was read before is
   *     answered first
   */
  public Ended run(
      Ratatoskr ratatoskr, OutputStream output, OutputStream errors, CancelSignal cancel)
      throws InterruptedException {
    return new Run(ratatoskr, output, errors, cancel).run();
  }

  @Override
  public void close() {
    source.close();
  }

  /**
   * Reads a failed write as the end of its reader: one that has gone, such as {@code head}, has
   * what it wanted.
   *
   * @throws BulkJobException.OutputUnusable if it is anything else
   */
  static Ended readerGone(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    if (message.contains("Broken pipe")) {
      return new Ended.ReaderGone();
    }
    throw new BulkJobException.OutputUnusable("cannot write the output: " + message, failure);
  }

  /** Lines on their way, with the place of the first that is not written. */
  private static final class Open {
    private final Window window;
    private int next;

    Open(Window window) {
      this.window = window;
    }
  }

  private final class Run {
    private final Dispatcher dispatcher;
    private final OutputStream output;
    private final OutputStream errors;
    private final CancelSignal cancel;
    private final Deque<Open> open = new ArrayDeque<>();
    private final ReadAhead reading;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private String spaceId = "";
    private int windows;
    private int openLines;
    private long rows;
    private long errorLines;

    Run(Ratatoskr ratatoskr, OutputStream output, OutputStream errors, CancelSignal cancel) {
      this.dispatcher = new Dispatcher(inquiry, options, limits, ratatoskr, surroundings.time());
      this.output = output;
      this.errors = errors;
      this.cancel = cancel;
      this.reading = ReadAhead.of(source, dispatcher::wake);
    }

    Ended run() throws InterruptedException {
      cancel.onCancel(dispatcher::wake);
      try {
        while (!cancel.isCancelled()) {
          ask();
          write();
          if (open.isEmpty() && reading.exhausted()) {
            reading.requireWhole();
            return new Ended.Whole(rows, errorLines);
          }
          take(dispatcher.await(TICK));
        }
        return new Ended.Interrupted();
      } catch (IOException e) {
        return readerGone(e);
      } finally {
        reading.stop();
        dispatcher.close();
      }
    }

    private void ask() {
      if (openLines >= OPEN_LINES || !dispatcher.isHungry()) {
        return;
      }
      List<Line> lines = reading.take();
      if (!lines.isEmpty()) {
        Window window = new Window(windows++, lines, new byte[0]);
        open.addLast(new Open(window));
        openLines += lines.size();
        dispatcher.add(window);
      }
    }

    private void take(List<Dispatcher.Delivery> deliveries) {
      for (Dispatcher.Delivery delivery : deliveries) {
        requireSpace(delivery.spaceId());
        delivery
            .entries()
            .forEach(entry -> delivery.window().answer(entry.question(), entry.answer()));
      }
    }

    private void requireSpace(String newSpaceId) {
      if (newSpaceId.isEmpty()) {
        return;
      }
      if (!spaceId.isEmpty() && !spaceId.equals(newSpaceId)) {
        throw new PipelineFailed(
            "the model changed while the job was under way: vector space was '%s' and is '%s'"
                .formatted(spaceId, newSpaceId),
            null);
      }
      spaceId = newSpaceId;
    }

    /** Writes the lines that have their turn. */
    private void write() throws IOException {
      for (Open first = open.peekFirst(); first != null; first = open.peekFirst()) {
        while (first.next < first.window.lines().size() && write(first)) {
          first.next++;
          openLines--;
          if (pending.size() > PENDING_BYTES) {
            flush();
          }
        }
        if (first.next < first.window.lines().size()) {
          break;
        }
        open.removeFirst();
      }
      flush();
    }

    private void flush() throws IOException {
      if (pending.size() > 0) {
        pending.writeTo(output);
        output.flush();
        pending.reset();
      }
    }

    /** Writes the next line; false where it has no answer yet. */
    private boolean write(Open first) throws IOException {
      Line line = first.window.lines().get(first.next);
      @Nullable Answer answer = first.window.answerOfLine(first.next);
      switch (line) {
        case Line.Bad bad -> refuse(bad, bad.refusal());
        case Line.Good good -> {
          switch (answer) {
            case null -> {
              return false;
            }
            case Answer.Given given -> {
              json.write(new Row(good.id(), given.values(), good.kept()), pending);
              rows++;
            }
            case Answer.Refused refused -> refuse(good, refused.refusal());
          }
        }
      }
      return true;
    }

    private void refuse(Line line, Line.Refusal refusal) throws IOException {
      errors.write(ErrorLine.bytes(line, refusal));
      errors.write('\n');
      errors.flush();
      errorLines++;
    }
  }
}
