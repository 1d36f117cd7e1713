package io.ratatoskr.bulk;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.ratatoskr.bulk.BulkJobException.PipelineFailed;
import io.ratatoskr.client.Asker;
import io.ratatoskr.client.Asker.Outcome;
import io.ratatoskr.client.Asker.Verdict;
import io.ratatoskr.client.Backoff;
import io.ratatoskr.client.Time;
import io.ratatoskr.schemas.InferenceError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Queues the outcomes of an {@link Asker} for the one thread of a job, which takes them when it is
 * ready. There is never more here than the job has asked for and not taken.
 */
final class Answers<T, A> implements AutoCloseable {
  private final Asker<T, A> asker;
  private final BlockingQueue<Event<T, A>> events = new LinkedBlockingQueue<>();

  private @Nullable PipelineFailed failure;

  /** Items of one reply with their outcomes, in the same order. */
  record Settled<T, A>(List<T> items, List<Outcome<A>> outcomes) implements Event<T, A> {}

  sealed interface Event<T, A> {}

  private record Lost<T, A>(PipelineFailed reason) implements Event<T, A> {}

  /** Ends a wait of the job's thread, and carries nothing. */
  private record Wake<T, A>() implements Event<T, A> {}

  /**
   * @param ask asks about items in one request
   */
  Answers(Function<List<T>, CompletableFuture<List<Outcome<A>>>> ask, JobLimits limits, Time time) {
    Retries retries = new Retries(limits.patience());
    Asker.Job<T, A> job =
        new Asker.Job<>() {
          @Override
          public CompletableFuture<List<Outcome<A>>> ask(List<T> items) {
            return ask.apply(items);
          }

          @Override
          public boolean mayPass(InferenceError error) {
            return Retries.mayPass(error);
          }

          @Override
          public Verdict verdict(List<T> items, Asker.Failure failure) {
            return retries.verdict(failure);
          }

          @Override
          public void settled(List<T> items, List<Outcome<A>> outcomes) {
            events.add(new Settled<>(items, outcomes));
          }

          @Override
          public void lost(List<T> items, Throwable reason) {
            events.add(new Lost<>(Retries.failure(reason)));
          }
        };
    this.asker = new Asker<>(job, limits.inFlight(), Backoff.standard(), time);
  }

  /** Asks about items, with one request where it does not fail. */
  void ask(List<T> items) {
    asker.add(items);
  }

  /** Whether what was asked now would be sent at once. */
  boolean isHungry() {
    return asker.isHungry();
  }

  int inFlight() {
    return asker.inFlight();
  }

  /** Ends a wait of the job's thread. Any thread may call it. */
  void wake() {
    events.add(new Wake<>());
  }

  /**
   * Waits for answers, and takes all that are there; a failure is thrown when those before it are
   * taken.
   *
   * @throws PipelineFailed if no request can succeed any more
   */
  List<Settled<T, A>> await(Duration atMost) throws InterruptedException {
    List<Settled<T, A>> answers = new ArrayList<>();
    for (Event<T, A> event = events.poll(failure == null ? atMost.toNanos() : 0, NANOSECONDS);
        event != null;
        event = events.poll()) {
      take(event, answers);
    }
    if (answers.isEmpty() && failure != null) {
      throw failure;
    }
    return answers;
  }

  private void take(Event<T, A> event, List<Settled<T, A>> answers) {
    switch (event) {
      case Settled<T, A> settled -> answers.add(settled);
      case Lost<T, A> lost -> failure = failure == null ? lost.reason() : failure;
      case Wake<T, A> _ -> {}
    }
  }

  /** Takes the answers that are there, whatever else has failed. */
  List<Settled<T, A>> drain() {
    List<Settled<T, A>> answers = new ArrayList<>();
    for (Event<T, A> event = events.poll(); event != null; event = events.poll()) {
      take(event, answers);
    }
    return answers;
  }

  /** Gives up what is not answered. */
  @Override
  public void close() {
    asker.close();
  }
}
