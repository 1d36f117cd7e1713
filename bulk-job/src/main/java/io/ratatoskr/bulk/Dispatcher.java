package io.ratatoskr.bulk;

import io.ratatoskr.bulk.BulkJobException.PipelineFailed;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RatatoskrException;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.formats.Line;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
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
 * Sends records, no more at once than configured, and sends again what failed for the time being,
 * as {@link Retries} has it. A record that is given up is split, down to single questions, which
 * then get error lines.
 *
 * <p>Used by the job's thread; only the queue of completions is filled by the client's.
 */
final class Dispatcher {
  private final Inquiry inquiry;
  private final RequestOptions options;
  private final JobLimits limits;
  private final Ratatoskr ratatoskr;
  private final LongSupplier nanoTime;
  private final Retries retries;
  private final Deque<Batch> ready = new ArrayDeque<>();
  private final PriorityQueue<Delayed> delayed =
      new PriorityQueue<>(Comparator.comparingLong(Delayed::dueNanos));
  private final Map<Batch, CompletableFuture<Inquiry.Replied>> inFlight = new HashMap<>();
  private final BlockingQueue<Completion> completions = new LinkedBlockingQueue<>();

  /**
   * Questions of a window that travel together. Compared by identity: a question stands in one
   * batch at a time.
   */
  private static final class Batch {
    private final Window window;
    private final int[] questions;
    private final Retries.Failures failures;

    Batch(Window window, int[] questions, Retries.Failures failures) {
      this.window = window;
      this.questions = questions;
      this.failures = failures;
    }
  }

  private record Delayed(Batch batch, long dueNanos) {}

  /** An empty one only wakes the job's thread. */
  private record Completion(
      @Nullable Batch batch, Inquiry.@Nullable Replied reply, @Nullable Throwable thrown) {}

  /** Answers to questions of one window, all from one reply. */
  record Delivery(Window window, String spaceId, List<WindowJournal.Entry> entries) {}

  Dispatcher(
      Inquiry inquiry,
      RequestOptions options,
      JobLimits limits,
      Ratatoskr ratatoskr,
      LongSupplier nanoTime) {
    this.inquiry = inquiry;
    this.options = options;
    this.limits = limits;
    this.ratatoskr = ratatoskr;
    this.nanoTime = nanoTime;
    this.retries = new Retries(limits, nanoTime.getAsLong());
  }

  /** Queues what the window still has to ask. */
  void add(Window window) {
    for (int[] questions : window.records(inquiry.recordItems())) {
      ready.add(new Batch(window, questions, Retries.Failures.NONE));
    }
  }

  /** Whether records could be sent if there were any. */
  boolean isHungry() {
    return ready.isEmpty() && inFlight.size() < limits.inFlight();
  }

  int inFlight() {
    return inFlight.size();
  }

  /** Sends what may be sent now. */
  void send() {
    long now = nanoTime.getAsLong();
    for (Delayed next = delayed.peek();
        next != null && next.dueNanos - now <= 0;
        next = delayed.peek()) {
      ready.addFirst(next.batch);
      delayed.remove();
    }
    while (!ready.isEmpty() && inFlight.size() < limits.inFlight()) {
      Batch batch = ready.removeFirst();
      CompletableFuture<Inquiry.Replied> future = sent(batch);
      inFlight.put(batch, future);
      var _ =
          future.whenComplete(
              (reply, thrown) -> completions.add(new Completion(batch, reply, thrown)));
    }
  }

  private CompletableFuture<Inquiry.Replied> sent(Batch batch) {
    List<List<String>> questions = new ArrayList<>(batch.questions.length);
    for (int question : batch.questions) {
      questions.add(batch.window.question(question));
    }
    try {
      return inquiry.ask(ratatoskr, questions, options);
    } catch (RatatoskrException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Ends a wait of the job's thread. Any thread may call it. */
  void wake() {
    completions.add(new Completion(null, null, null));
  }

  /**
   * Waits for answers, and takes all that are there.
   *
   * @throws PipelineFailed if no record can succeed any more
   */
  List<Delivery> await(Duration atMost) throws InterruptedException {
    long nanos = atMost.toNanos();
    Delayed next = delayed.peek();
    if (next != null) {
      nanos = Math.clamp(next.dueNanos - nanoTime.getAsLong(), 0, nanos);
    }
    List<Delivery> deliveries = new ArrayList<>();
    for (Completion completion = completions.poll(nanos, TimeUnit.NANOSECONDS);
        completion != null;
        completion = completions.poll()) {
      if (completion.batch != null) {
        settle(completion.batch, completion.reply, completion.thrown, deliveries);
      }
    }
    return deliveries;
  }

  /** Takes the answers that are there, whatever else has failed. */
  List<Delivery> drain() {
    List<Delivery> deliveries = new ArrayList<>();
    for (Completion completion = completions.poll();
        completion != null;
        completion = completions.poll()) {
      if (completion.batch != null && completion.reply != null) {
        settle(completion.batch, completion.reply, null, deliveries);
      }
    }
    return deliveries;
  }

  /** Gives up what is in flight. */
  void cancel() {
    List.copyOf(inFlight.values()).forEach(future -> future.cancel(false));
    inFlight.clear();
    ready.clear();
    delayed.clear();
  }

  private void settle(
      Batch batch,
      Inquiry.@Nullable Replied reply,
      @Nullable Throwable thrown,
      List<Delivery> deliveries) {
    inFlight.remove(batch);
    if (reply != null) {
      retries.answered(nanoTime.getAsLong());
      answered(batch, reply, deliveries);
    } else if (thrown != null) {
      switch (Failure.of(thrown)) {
        case Failure.Everything everything ->
            throw new PipelineFailed(everything.reason(), everything.cause());
        case Failure.TheseQuestions these -> split(batch, these.refusal(), deliveries);
        case Failure.Again again -> again(batch, again, deliveries);
      }
    }
  }

  private void answered(Batch batch, Inquiry.Replied reply, List<Delivery> deliveries) {
    if (reply.items().size() != batch.questions.length) {
      throw new PipelineFailed(
          "the pipeline answered "
              + reply.items().size()
              + " items to "
              + batch.questions.length
              + " questions; check that all its parts are of the same release",
          null);
    }
    List<WindowJournal.Entry> entries = new ArrayList<>();
    Map<Failure.Again, List<Integer>> failing = new HashMap<>();
    for (int i = 0; i < batch.questions.length; i++) {
      int question = batch.questions[i];
      switch (reply.items().get(i)) {
        case Inquiry.Item.Succeeded succeeded ->
            entries.add(new WindowJournal.Entry(question, succeeded.answer()));
        case Inquiry.Item.Failed failed when failed.error().isTransient() ->
            failing
                .computeIfAbsent(
                    new Failure.Again(Failure.refusal(failed.error()), failed.error().retryAfter()),
                    _ -> new ArrayList<>())
                .add(question);
        case Inquiry.Item.Failed failed ->
            entries.add(
                new WindowJournal.Entry(
                    question, new Answer.Refused(Failure.refusal(failed.error()))));
      }
    }
    if (!entries.isEmpty()) {
      deliveries.add(new Delivery(batch.window, reply.spaceId(), entries));
    }
    failing.forEach((again, questions) -> {
      int[] left = questions.stream().mapToInt(Integer::intValue).toArray();
      again(new Batch(batch.window, left, batch.failures), again, deliveries);
    });
  }

  private void again(Batch batch, Failure.Again again, List<Delivery> deliveries) {
    switch (retries.failed(batch.failures, again, nanoTime.getAsLong())) {
      case Retries.Verdict.GiveUp _ -> split(batch, again.refusal(), deliveries);
      case Retries.Verdict.At at ->
          delayed.add(
              new Delayed(new Batch(batch.window, batch.questions, at.failures()), at.dueNanos()));
    }
  }

  private void split(Batch batch, Line.Refusal refusal, List<Delivery> deliveries) {
    int[] questions = batch.questions;
    if (questions.length == 1) {
      deliveries.add(
          new Delivery(
              batch.window,
              "",
              List.of(new WindowJournal.Entry(questions[0], new Answer.Refused(refusal)))));
      return;
    }
    int middle = questions.length / 2;
    ready.addFirst(
        new Batch(
            batch.window,
            Arrays.copyOfRange(questions, middle, questions.length),
            Retries.Failures.NONE));
    ready.addFirst(
        new Batch(batch.window, Arrays.copyOfRange(questions, 0, middle), Retries.Failures.NONE));
  }
}
