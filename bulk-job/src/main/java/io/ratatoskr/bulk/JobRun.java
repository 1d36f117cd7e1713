package io.ratatoskr.bulk;

import io.ratatoskr.bulk.BulkJobException.NotTheSameJob;
import io.ratatoskr.formats.Line;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * One run of a job, on one thread: it keeps windows open and records in flight, takes answers as
 * they come, and commits windows in the order of the input. Up to three windows are open, so that
 * the pipeline has work while the last records of the first are still out; a window that is
 * complete waits in memory for those before it.
 */
final class JobRun implements AutoCloseable {
  private static final int OPEN_WINDOWS = 3;
  private static final Duration TICK = Duration.ofMillis(100);

  private final DiskGuard disk;
  private final JobFolder folder;
  private final JobLog log;
  private final JobOutput output;
  private final WindowReader reader;
  private final Dispatcher dispatcher;
  private final ProgressMeter meter;
  private final CancelSignal cancel;
  private final Deque<OpenWindow> open = new ArrayDeque<>();
  private int windowsBefore;

  @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
  private record OpenWindow(Window window, WindowJournal journal, int[] linesOfQuestions) {}

  JobRun(
      DiskGuard disk,
      JobFolder folder,
      JobLog log,
      JobOutput output,
      WindowReader reader,
      Dispatcher dispatcher,
      ProgressMeter meter,
      CancelSignal cancel) {
    this.disk = disk;
    this.folder = folder;
    this.log = log;
    this.output = output;
    this.reader = reader;
    this.dispatcher = dispatcher;
    this.meter = meter;
    this.cancel = cancel;
    this.windowsBefore = log.windows().size();
  }

  /**
   * Runs until the output's end is written, or the job is told to stop.
   *
   * @return whether it is whole
   */
  boolean run() throws IOException, InterruptedException {
    cancel.onCancel(dispatcher::wake);
    try {
      while (!cancel.isCancelled()) {
        if (disk.isDue()) {
          disk.look();
        }
        openWindows();
        if (open.isEmpty() && reader.ended()) {
          output.finish();
          return true;
        }
        take(dispatcher.await(patience()));
        commit();
        meter.publish(reader.linesRead(), reader.fractionRead(), dispatcher.inFlight());
      }
      return false;
    } finally {
      // Also after a failure: what was answered need not be asked again.
      try {
        take(dispatcher.drain());
      } finally {
        dispatcher.close();
      }
    }
  }

  /** Waits only where nothing else can be done. */
  private Duration patience() {
    boolean moreToRead = !reader.ended() && open.size() < OPEN_WINDOWS && dispatcher.isHungry();
    boolean moreToCommit = !open.isEmpty() && open.getFirst().window().complete();
    return moreToRead || moreToCommit ? Duration.ZERO : TICK;
  }

  private void openWindows() throws IOException {
    if (reader.ended() || open.size() >= OPEN_WINDOWS || !dispatcher.isHungry()) {
      return;
    }
    Window window = reader.next();
    if (window == null) {
      if (windowsBefore > 0) {
        throw new NotTheSameJob(
            "this is not the job that began here", List.of("the input is shorter than it was"));
      }
      return;
    }
    if (windowsBefore > 0) {
      WindowJournal.requireHash(window, log.windows().get(window.index()).hash());
      windowsBefore--;
      folder.deleteJournal(window.index());
      return;
    }
    WindowJournal journal = folder.openJournal(window);
    int[] linesOfQuestions = window.linesOfQuestions();
    open.addLast(new OpenWindow(window, journal, linesOfQuestions));
    countOpened(window, linesOfQuestions);
    dispatcher.add(window);
  }

  private void countOpened(Window window, int[] linesOfQuestions) {
    long bad = window.lines().stream().filter(Line.Bad.class::isInstance).count();
    meter.done(bad);
    meter.errors(bad);
    meter.reused(window.reused());
    for (int question = 0; question < linesOfQuestions.length; question++) {
      Answer answer = window.answerOf(question);
      if (answer != null) {
        count(answer, linesOfQuestions[question]);
        meter.restoredAnswer(linesOfQuestions[question]);
      }
    }
  }

  private void count(Answer answer, int lines) {
    meter.done(lines);
    if (answer instanceof Answer.Refused) {
      meter.errors(lines);
    }
  }

  private void take(List<Dispatcher.Delivery> deliveries) throws IOException {
    for (Dispatcher.Delivery delivery : deliveries) {
      output.requireSpace(delivery.spaceId());
      OpenWindow window = openWindow(delivery.window());
      window.journal().append(delivery.spaceId(), delivery.entries());
      for (WindowJournal.Entry entry : delivery.entries()) {
        if (window.window().answer(entry.question(), entry.answer())) {
          count(entry.answer(), window.linesOfQuestions()[entry.question()]);
          if (entry.answer() instanceof Answer.Given given) {
            meter.tokens(given.tokens());
          }
        }
      }
    }
  }

  private OpenWindow openWindow(Window window) {
    for (OpenWindow candidate : open) {
      if (candidate.window() == window) {
        return candidate;
      }
    }
    throw new IllegalStateException("an answer came for a window that is not open");
  }

  private void commit() throws IOException {
    OpenWindow first = open.peekFirst();
    if (first != null && first.window().complete()) {
      output.commit(first.window());
      open.removeFirst();
      first.journal().delete();
    }
  }

  /** Leaves open windows' journals to a later run. */
  @Override
  public void close() throws IOException {
    for (OpenWindow window : open) {
      window.journal().close();
    }
    open.clear();
  }
}
