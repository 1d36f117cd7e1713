package io.ratatoskr.bulk;

import io.ratatoskr.bulk.BulkJobException.PipelineFailed;
import io.ratatoskr.formats.ErrorLine;
import io.ratatoskr.formats.Line;
import io.ratatoskr.formats.LineSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a {@link LineJob}, on one thread: it keeps lines asked, takes answers as they come,
 * and writes them in the order of the input. What failed for the time being is asked again, as
 * {@link Retries} has it.
 */
final class LineJobRun {
  /** Lines that may wait for those before them, for each that may be asked. */
  private static final int LINES_OPEN = 4;

  private static final long TICK_NANOS = Duration.ofMillis(100).toNanos();

  private final JobLimits limits;
  private final LongSupplier nanoTime;
  private final Retries retries;
  private final LineJob.Answerer answerer;
  private final Lines lines;
  private final Sink sink;
  private final ProgressMeter meter;
  private final CancelSignal cancel;
  private final Deque<Open> open = new ArrayDeque<>();
  private final Map<Open, CompletableFuture<byte[]>> asked = new HashMap<>();
  private final PriorityQueue<Open> delayed =
      new PriorityQueue<>(Comparator.comparingLong((Open line) -> line.dueNanos));
  private final BlockingQueue<Completion> completions = new LinkedBlockingQueue<>();
  private long refusals;

  /** Where lines come from. */
  interface Lines {
    /** The next line; null where there is none, or none yet. */
    @Nullable Line next();

    /** Whether there will be none any more. */
    boolean ended();

    /** Lines read so far. */
    long linesRead();

    /** Part of the input that was read, 0 to 1; -1 where its size is not known. */
    double fractionRead();

    /** Those of an input that is read when it is asked. */
    static Lines of(LineSource source) {
      return new Lines() {
        @Override
        public @Nullable Line next() {
          return source.next();
        }

        @Override
        public boolean ended() {
          return source.ended();
        }

        @Override
        public long linesRead() {
          return source.linesRead();
        }

        @Override
        public double fractionRead() {
          return source.fractionRead();
        }
      };
    }
  }

  /** Takes what became of lines, in their order; bytes are JSON without a line break. */
  interface Sink {
    void answer(byte[] line) throws IOException;

    void refusal(byte[] line) throws IOException;

    /** Called when what there was to write is written. */
    void written() throws IOException;

    /** Called again and again while the job runs; throws where it must not go on. */
    void check() throws IOException;
  }

  /** What became of a line. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
  private sealed interface Outcome {
    record Answered(byte[] line) implements Outcome {}

    record Refused(byte[] line) implements Outcome {}
  }

  /** A line on its way; compared by identity. */
  private static final class Open {
    private final Line line;
    private @Nullable Outcome outcome;
    private Retries.Failures failures = Retries.Failures.NONE;
    private long dueNanos;

    Open(Line line) {
      this.line = line;
    }
  }

  /** An empty one only wakes the job's thread. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
  private record Completion(
      @Nullable Open line, byte @Nullable [] answer, @Nullable Throwable thrown) {}

  LineJobRun(
      JobLimits limits,
      LongSupplier nanoTime,
      LineJob.Answerer answerer,
      Lines lines,
      Sink sink,
      ProgressMeter meter,
      CancelSignal cancel) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.answerer = answerer;
    this.lines = lines;
    this.sink = sink;
    this.meter = meter;
    this.cancel = cancel;
    this.retries = new Retries(limits, nanoTime.getAsLong());
  }

  /**
   * Runs until every line is answered, or the job is told to stop.
   *
   * @return whether every line is
   */
  boolean run() throws IOException, InterruptedException {
    cancel.onCancel(() -> completions.add(new Completion(null, null, null)));
    try {
      while (!cancel.isCancelled()) {
        sink.check();
        ask();
        if (open.isEmpty() && lines.ended()) {
          return true;
        }
        take(completions.poll(patience(), TimeUnit.NANOSECONDS));
        write();
        meter.publish(lines.linesRead(), lines.fractionRead(), asked.size());
      }
      return false;
    } finally {
      try {
        // Also after a failure: what was answered need not be asked again.
        write();
      } finally {
        List.copyOf(asked.values()).forEach(future -> future.cancel(false));
      }
    }
  }

  /** Error lines of this run. */
  long refusals() {
    return refusals;
  }

  private void ask() {
    long now = nanoTime.getAsLong();
    for (Open due = delayed.peek(); due != null && due.dueNanos <= now; due = delayed.peek()) {
      delayed.remove();
      ask(due);
    }
    while (asked.size() < limits.inFlight() && open.size() < LINES_OPEN * limits.inFlight()) {
      Line line = lines.next();
      if (line == null) {
        return;
      }
      Open next = new Open(line);
      open.addLast(next);
      ask(next);
    }
  }

  private void ask(Open next) {
    switch (next.line) {
      case Line.Bad bad -> refuse(next, bad.refusal());
      case Line.Good good -> {
        CompletableFuture<byte[]> future =
            answerer.answer(
                new LineJob.Question(
                    good.id().value(), good.id().number(), good.question().getFirst()));
        asked.put(next, future);
        var _ =
            future.whenComplete(
                (answer, thrown) -> completions.add(new Completion(next, answer, thrown)));
      }
    }
  }

  private long patience() {
    Open due = delayed.peek();
    return due == null
        ? TICK_NANOS
        : Math.clamp(due.dueNanos - nanoTime.getAsLong(), 0, TICK_NANOS);
  }

  private void take(@Nullable Completion first) {
    for (Completion completion = first; completion != null; completion = completions.poll()) {
      if (completion.line != null) {
        asked.remove(completion.line);
        if (completion.answer != null) {
          retries.answered(nanoTime.getAsLong());
          settle(completion.line, new Outcome.Answered(completion.answer));
        } else if (completion.thrown != null) {
          failed(completion.line, completion.thrown);
        }
      }
    }
  }

  private void failed(Open line, Throwable thrown) {
    switch (Failure.of(thrown)) {
      case Failure.Everything everything ->
          throw new PipelineFailed(everything.reason(), everything.cause());
      case Failure.TheseQuestions these -> refuse(line, these.refusal());
      case Failure.Again again -> again(line, again);
    }
  }

  private void again(Open line, Failure.Again again) {
    switch (retries.failed(line.failures, again, nanoTime.getAsLong())) {
      case Retries.Verdict.GiveUp _ -> refuse(line, again.refusal());
      case Retries.Verdict.At at -> {
        line.failures = at.failures();
        line.dueNanos = at.dueNanos();
        delayed.add(line);
      }
    }
  }

  private void refuse(Open line, Line.Refusal refusal) {
    settle(line, new Outcome.Refused(ErrorLine.bytes(line.line, refusal)));
    refusals++;
    meter.errors(1);
  }

  private void settle(Open line, Outcome outcome) {
    line.outcome = outcome;
    meter.done(1);
  }

  private void write() throws IOException {
    for (Open first = open.peekFirst();
        first != null && first.outcome != null;
        first = open.peekFirst()) {
      switch (first.outcome) {
        case Outcome.Answered answered -> sink.answer(answered.line());
        case Outcome.Refused refused -> sink.refusal(refused.line());
      }
      open.removeFirst();
    }
    sink.written();
  }
}
