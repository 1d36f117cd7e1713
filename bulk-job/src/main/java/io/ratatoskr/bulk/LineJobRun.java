package io.ratatoskr.bulk;

import io.ratatoskr.client.Asker.Outcome;
import io.ratatoskr.client.Time;
import io.ratatoskr.formats.ErrorLine;
import io.ratatoskr.formats.Line;
import io.ratatoskr.formats.LineSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One run of a {@link LineJob}, on one thread: it keeps lines asked, takes answers as they come,
 * and writes them in the order of the input.
 */
final class LineJobRun {
  /** Lines that may wait for those before them, for each that may be asked. */
  private static final int LINES_OPEN = 4;

  private static final Duration TICK = Duration.ofMillis(100);

  private final JobLimits limits;
  private final LineJob.Answerer answerer;
  private final Answers<Open, byte[]> answers;
  private final Lines lines;
  private final Sink sink;
  private final ProgressMeter meter;
  private final CancelSignal cancel;
  private final Deque<Open> open = new ArrayDeque<>();
  private long refusals;

  /** A source of lines. */
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

  /** Takes the outcomes of lines, in their order; bytes are JSON without a line break. */
  interface Sink {
    void answer(byte[] line) throws IOException;

    void refusal(byte[] line) throws IOException;

    /** Called when what there was to write is written. */
    void written() throws IOException;

    /** Called again and again while the job runs; throws where it must not go on. */
    void check() throws IOException;
  }

  /** What a line becomes. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
  private sealed interface Written {
    record Answer(byte[] line) implements Written {}

    record Refusal(byte[] line) implements Written {}
  }

  /** A line on its way; compared by identity. */
  private static final class Open {
    private final Line line;
    private @Nullable Written written;

    Open(Line line) {
      this.line = line;
    }
  }

  LineJobRun(
      JobLimits limits,
      Time time,
      LineJob.Answerer answerer,
      Lines lines,
      Sink sink,
      ProgressMeter meter,
      CancelSignal cancel) {
    this.limits = limits;
    this.answerer = answerer;
    this.lines = lines;
    this.sink = sink;
    this.meter = meter;
    this.cancel = cancel;
    this.answers = new Answers<>(this::ask, limits, time);
  }

  /**
   * Runs until every line is answered, or the job is told to stop.
   *
   * @return whether every line is
   */
  boolean run() throws IOException, InterruptedException {
    cancel.onCancel(answers::wake);
    try {
      while (!cancel.isCancelled()) {
        sink.check();
        ask();
        if (open.isEmpty() && lines.ended()) {
          return true;
        }
        answers.await(patience()).forEach(this::take);
        write();
        meter.publish(lines.linesRead(), lines.fractionRead(), answers.inFlight());
      }
      return false;
    } finally {
      try {
        // Also after a failure: what was answered need not be asked again.
        answers.drain().forEach(this::take);
        write();
      } finally {
        answers.close();
      }
    }
  }

  /** Waits only where there is nothing to write. */
  private Duration patience() {
    Open first = open.peekFirst();
    return first != null && first.written != null ? Duration.ZERO : TICK;
  }

  /** Error lines of this run. */
  long refusals() {
    return refusals;
  }

  private void ask() {
    while (answers.isHungry() && open.size() < LINES_OPEN * limits.inFlight()) {
      Line line = lines.next();
      if (line == null) {
        return;
      }
      Open next = new Open(line);
      open.addLast(next);
      switch (line) {
        case Line.Bad bad -> refuse(next, bad.refusal());
        case Line.Good _ -> answers.ask(List.of(next));
      }
    }
  }

  private CompletableFuture<List<Outcome<byte[]>>> ask(List<Open> one) {
    Line.Good good = (Line.Good) one.getFirst().line;
    return answerer
        .answer(
            new LineJob.Question(good.id().value(), good.id().number(), good.question().getFirst()))
        .thenApply(answer -> List.of(new Outcome.Answered<>(answer)));
  }

  private void take(Answers.Settled<Open, byte[]> settled) {
    Open line = settled.items().getFirst();
    switch (settled.outcomes().getFirst()) {
      case Outcome.Answered<byte[]> answered -> settle(line, new Written.Answer(answered.answer()));
      case Outcome.Failed<byte[]> failed -> refuse(line, Retries.refusal(failed.error()));
    }
  }

  private void refuse(Open line, Line.Refusal refusal) {
    settle(line, new Written.Refusal(ErrorLine.bytes(line.line, refusal)));
    refusals++;
    meter.errors(1);
  }

  private void settle(Open line, Written written) {
    line.written = written;
    meter.done(1);
  }

  private void write() throws IOException {
    for (Open first = open.peekFirst();
        first != null && first.written != null;
        first = open.peekFirst()) {
      switch (first.written) {
        case Written.Answer answer -> sink.answer(answer.line());
        case Written.Refusal refusal -> sink.refusal(refusal.line());
      }
      open.removeFirst();
    }
    sink.written();
  }
}
