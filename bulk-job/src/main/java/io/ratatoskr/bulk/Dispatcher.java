package io.ratatoskr.bulk;

import io.ratatoskr.client.Asker.Outcome;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.client.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Sends the questions of windows, a record of them at a time, and collects their answers: a row's
 * values, or an error line where a question failed for good. Used by the job's thread.
 */
final class Dispatcher implements AutoCloseable {
  private final Inquiry inquiry;
  private final RequestOptions options;
  private final Ratatoskr ratatoskr;
  private final Answers<Question, Answer.Given> answers;

  /** A question of a window. */
  private record Question(Window window, int index) {}

  /** Answers to questions of one window, all from one reply. */
  record Delivery(Window window, String spaceId, List<WindowJournal.Entry> entries) {}

  Dispatcher(
      Inquiry inquiry, RequestOptions options, JobLimits limits, Ratatoskr ratatoskr, Time time) {
    this.inquiry = inquiry;
    this.options = options;
    this.ratatoskr = ratatoskr;
    this.answers = new Answers<>(this::ask, limits, time);
  }

  private CompletableFuture<List<Outcome<Answer.Given>>> ask(List<Question> questions) {
    return inquiry.ask(
        ratatoskr,
        questions.stream().map(question -> question.window.question(question.index)).toList(),
        options);
  }

  /** Sends the questions of the window that have no answer yet. */
  void add(Window window) {
    for (int[] questions : window.records(inquiry.recordItems())) {
      answers.ask(Arrays.stream(questions).mapToObj(index -> new Question(window, index)).toList());
    }
  }

  /** Whether records could be sent if there were any. */
  boolean isHungry() {
    return answers.isHungry();
  }

  int inFlight() {
    return answers.inFlight();
  }

  /** Ends a wait of the job's thread. Any thread may call it. */
  void wake() {
    answers.wake();
  }

  /**
   * Waits for answers, and takes all that are there.
   *
   * @throws BulkJobException.PipelineFailed if no record can succeed any more
   */
  List<Delivery> await(Duration atMost) throws InterruptedException {
    return answers.await(atMost).stream().map(Dispatcher::delivery).toList();
  }

  /** Takes the answers that are there, whatever else has failed. */
  List<Delivery> drain() {
    return answers.drain().stream().map(Dispatcher::delivery).toList();
  }

  private static Delivery delivery(Answers.Settled<Question, Answer.Given> settled) {
    String spaceId = "";
    List<WindowJournal.Entry> entries = new ArrayList<>(settled.items().size());
    for (int i = 0; i < settled.items().size(); i++) {
      Answer answer =
          switch (settled.outcomes().get(i)) {
            case Outcome.Answered<Answer.Given> answered -> answered.answer();
            case Outcome.Failed<Answer.Given> failed ->
                new Answer.Refused(Retries.refusal(failed.error()));
          };
      if (answer instanceof Answer.Given given) {
        spaceId = given.spaceId();
      }
      entries.add(new WindowJournal.Entry(settled.items().get(i).index, answer));
    }
    return new Delivery(settled.items().getFirst().window, spaceId, entries);
  }

  /** Gives up what is not answered. */
  @Override
  public void close() {
    answers.close();
  }
}
