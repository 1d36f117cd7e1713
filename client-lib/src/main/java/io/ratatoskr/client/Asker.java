package io.ratatoskr.client;

import io.ratatoskr.schemas.FutureFailure;
import io.ratatoskr.schemas.InferenceError;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks about items, a batch in each request, until each item has its one outcome. A bounded number
 * of requests is in flight; what fails for the time being is asked again after a pause; of a batch
 * that fails as a whole the halves are asked, and theirs, so that one bad item costs its neighbours
 * nothing. The {@link Job} says what a request is, when to give up and how often to halve.
 *
 * <pre>
 *   add ──→ waiting ──→ in flight ── reply ──→ items with an outcome ─────────→ settled
 *              ↑            │                  items that may succeed later ─┐
 *              │            └── the request failed ──→ the job's verdict ←───┘
 *              ├── after a pause ─────────────────────── Again
 *              └── the halves ────────────────────────── Split, or else ──────→ settled
 *                                                        GiveUp ──────────────→ settled
 *                                                        Stop ────────────────→ lost
 * </pre>
 *
 * <p>Batches go in the order in which they were added; those that are asked again, and halves, go
 * before the others. Thread-safe, and never blocks: requests are made and outcomes are handed over
 * by whoever adds a batch, completes a request or runs what {@link Time} was given.
 *
 * @param <T> items; the asker only hands them on
 * @param <A> answers
 */
public final class Asker<T, A> implements AutoCloseable {
  private final Job<T, A> job;
  private final int places;
  private final Backoff backoff;
  private final Time time;
  private final Deque<Batch<T, A>> waiting = new ArrayDeque<>();
  private final Set<Batch<T, A>> inFlight = new HashSet<>();
  private boolean sending;
  private boolean closed;
  private volatile long lastSettled;

  /**
   * The questions that an asker asks, and the receiver of their outcomes. All but {@link #ask} must
   * be quick, and nothing may throw.
   */
  public interface Job<T, A> {
    /**
     * Asks about items in one request.
     *
     * @return one outcome for each, in their order; fails with {@link RequestFailedException} where
     *     the request failed, with anything else where no request can succeed. To cancel it cancels
     *     the request, as that of {@link Outcome#of(CompletableFuture, Function)} does
     */
    CompletableFuture<List<Outcome<A>>> ask(List<T> items);

    /** Whether what failed with this error is to be asked again; it is never final by itself. */
    default boolean mayPass(InferenceError error) {
      return error.isTransient();
    }

    /** Decides about items that failed together. */
    Verdict verdict(List<T> items, Failure failure);

    /** How often a batch is halved at most, all its parts together. */
    default int halvings() {
      return Integer.MAX_VALUE;
    }

    /** Takes items with their outcomes, in the same order. Each item comes once. */
    void settled(List<T> items, List<Outcome<A>> outcomes);

    /** Takes items that will have no outcome. What else was added is still asked about. */
    void lost(List<T> items, Throwable reason);
  }

  /** The outcome of an item. */
  public sealed interface Outcome<A> {
    /** The item was answered. */
    record Answered<A>(A answer) implements Outcome<A> {}

    /** The item failed, for now or for good. */
    record Failed<A>(InferenceError error) implements Outcome<A> {}

    /**
     * Outcomes of a request's items. Who cancels the future cancels the request.
     *
     * @param reply of a client
     * @param read gives the outcomes that it holds
     */
    static <R, A> CompletableFuture<List<Outcome<A>>> of(
        CompletableFuture<R> reply, Function<R, List<Outcome<A>>> read) {
      CompletableFuture<List<Outcome<A>>> outcomes = reply.thenApply(read);
      var unused =
          outcomes.whenComplete((done, failure) -> {
            if (outcomes.isCancelled()) {
              reply.cancel(false);
            }
          });
      return outcomes;
    }

    /**
     * Outcomes of a reply's items.
     *
     * @param success makes the answer of an item that did not fail
     */
    static <O, A> List<Outcome<A>> of(BatchReply<O> reply, Function<O, A> success) {
      List<Outcome<A>> outcomes = new ArrayList<>(reply.items().size());
      for (O item : reply.items()) {
        outcomes.add(
            item instanceof BatchReply.ItemFailure failed
                ? new Failed<>(failed.error())
                : new Answered<>(success.apply(item)));
      }
      return outcomes;
    }
  }

  /**
   * How items failed together: with their request, or each with an error that may pass.
   *
   * @param error that of the first of them
   * @param tries how often they were asked about as this batch
   * @param lasting how long ago they failed for the first time; zero at that time
   * @param othersSettled whether anything was settled by a reply since then
   * @param pause after which they would be asked again
   */
  public record Failure(
      InferenceError error, int tries, Duration lasting, boolean othersSettled, Duration pause) {}

  /** The decision about items that failed together. */
  public sealed interface Verdict {
    /** They are asked again, after the pause. */
    record Again() implements Verdict {}

    /** Each half is asked by itself; given up are one alone, and what was halved too often. */
    record Split() implements Verdict {}

    /** Their errors are their outcomes. */
    record GiveUp() implements Verdict {}

    /** They are lost. */
    record Stop(RuntimeException reason) implements Verdict {}
  }

  /** Items that are asked about together, compared by identity. */
  private static final class Batch<T, A> {
    private final List<T> items;
    private final AtomicInteger halvings;
    private final int failures;
    private final long firstFailure;
    private @Nullable CompletableFuture<List<Outcome<A>>> answer;

    /**
     * @param firstFailure when they failed first; means nothing before they did
     */
    Batch(List<T> items, AtomicInteger halvings, int failures, long firstFailure) {
      this.items = items;
      this.halvings = halvings;
      this.failures = failures;
      this.firstFailure = firstFailure;
    }

    Batch<T, A> of(List<T> some) {
      return new Batch<>(some, halvings, failures, firstFailure);
    }

    Batch<T, A> failed(long first) {
      return new Batch<>(items, halvings, failures + 1, first);
    }

    /** A half has not failed yet. */
    Batch<T, A> part(int from, int to) {
      return new Batch<>(items.subList(from, to), halvings, 0, 0);
    }
  }

  /**
   * @param places most requests in flight, 1 or more
   */
  public Asker(Job<T, A> job, int places, Backoff backoff, Time time) {
    if (places < 1) {
      throw new IllegalArgumentException("places: 1 or more, not " + places);
    }
    this.job = job;
    this.places = places;
    this.backoff = backoff;
    this.time = time;
    this.lastSettled = time.nanos();
  }

  /** Asks about items, with one request where it does not fail. */
  public void add(List<T> items) {
    if (items.isEmpty()) {
      return;
    }
    synchronized (this) {
      waiting.addLast(new Batch<>(List.copyOf(items), new AtomicInteger(job.halvings()), 0, 0));
    }
    send();
  }

  /** Whether a batch that was added now would be asked about at once. */
  public synchronized boolean isHungry() {
    return waiting.isEmpty() && inFlight.size() < places;
  }

  /** Requests in flight. */
  public synchronized int inFlight() {
    return inFlight.size();
  }

  /**
   * Cancels what is in flight and forgets the rest. Nothing is asked any more, and nothing handed
   * over but what is being handed over now.
   */
  @Override
  public void close() {
    List<CompletableFuture<?>> open = new ArrayList<>();
    synchronized (this) {
      closed = true;
      for (Batch<T, A> batch : inFlight) {
        if (batch.answer != null) {
          open.add(batch.answer);
        }
      }
      inFlight.clear();
      waiting.clear();
    }
    open.forEach(answer -> answer.cancel(false));
  }

  /** One thread at a time: requests that end at once would nest without end. */
  private void send() {
    synchronized (this) {
      if (sending) {
        return;
      }
      sending = true;
    }
    for (Batch<T, A> next = next(); next != null; next = next()) {
      send(next);
    }
  }

  private synchronized @Nullable Batch<T, A> next() {
    if (closed || waiting.isEmpty() || inFlight.size() >= places) {
      sending = false;
      return null;
    }
    Batch<T, A> next = waiting.removeFirst();
    inFlight.add(next);
    return next;
  }

  private void send(Batch<T, A> batch) {
    CompletableFuture<List<Outcome<A>>> answer = ask(batch);
    boolean tooLate;
    synchronized (this) {
      batch.answer = answer;
      tooLate = closed;
    }
    if (tooLate) {
      answer.cancel(false);
    }
    var unused = answer.whenComplete((outcomes, thrown) -> ended(batch, outcomes, thrown));
  }

  private CompletableFuture<List<Outcome<A>>> ask(Batch<T, A> batch) {
    try {
      return job.ask(batch.items);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void ended(
      Batch<T, A> batch, @Nullable List<Outcome<A>> outcomes, @Nullable Throwable thrown) {
    synchronized (this) {
      if (!inFlight.remove(batch)) {
        return;
      }
    }
    // First, so that the next is on its way while this one's outcomes are used.
    send();
    if (outcomes != null) {
      replied(batch, outcomes);
    } else if (thrown != null) {
      failed(batch, thrown);
    }
  }

  private void replied(Batch<T, A> batch, List<Outcome<A>> outcomes) {
    int size = batch.items.size();
    if (outcomes.size() != size) {
      job.lost(
          batch.items,
          new IllegalStateException(
              "the pipeline answered %d items to %d; check that all its parts are of the same release"
                  .formatted(outcomes.size(), size)));
      return;
    }
    List<T> settled = new ArrayList<>(size);
    List<Outcome<A>> theirs = new ArrayList<>(size);
    List<T> failing = new ArrayList<>();
    List<InferenceError> errors = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      if (outcomes.get(i) instanceof Outcome.Failed<A> failed && job.mayPass(failed.error())) {
        failing.add(batch.items.get(i));
        errors.add(failed.error());
      } else {
        settled.add(batch.items.get(i));
        theirs.add(outcomes.get(i));
      }
    }
    if (!settled.isEmpty()) {
      lastSettled = time.nanos();
      job.settled(settled, theirs);
    }
    if (!failing.isEmpty()) {
      decide(batch.of(failing), errors);
    }
  }

  private void failed(Batch<T, A> batch, Throwable thrown) {
    Throwable cause = FutureFailure.cause(thrown);
    if (cause instanceof RequestFailedException failed) {
      decide(batch, Collections.nCopies(batch.items.size(), failed.error()));
    } else {
      job.lost(batch.items, cause);
    }
  }

  private void decide(Batch<T, A> batch, List<InferenceError> errors) {
    long now = time.nanos();
    long first = batch.failures == 0 ? now : batch.firstFailure;
    int tries = batch.failures + 1;
    Failure failure =
        new Failure(
            errors.get(0),
            tries,
            Duration.ofNanos(now - first),
            lastSettled - first > 0,
            backoff.pause(tries, errors));
    Verdict verdict = job.verdict(batch.items, failure);
    if (verdict instanceof Verdict.Again) {
      Batch<T, A> again = batch.failed(first);
      time.after(failure.pause(), () -> sendBeforeOthers(List.of(again)));
    } else if (verdict instanceof Verdict.Split) {
      split(batch, errors);
    } else if (verdict instanceof Verdict.Stop stop) {
      job.lost(batch.items, stop.reason());
    } else {
      giveUp(batch, errors);
    }
  }

  private void split(Batch<T, A> batch, List<InferenceError> errors) {
    int size = batch.items.size();
    if (size > 1 && batch.halvings.getAndDecrement() > 0) {
      sendBeforeOthers(List.of(batch.part(0, size / 2), batch.part(size / 2, size)));
    } else {
      giveUp(batch, errors);
    }
  }

  private void giveUp(Batch<T, A> batch, List<InferenceError> errors) {
    job.settled(
        batch.items,
        errors.stream().<Outcome<A>>map(error -> new Outcome.Failed<>(error)).toList());
  }

  private void sendBeforeOthers(List<Batch<T, A>> batches) {
    synchronized (this) {
      if (closed) {
        return;
      }
      for (int i = batches.size() - 1; i >= 0; i--) {
        waiting.addFirst(batches.get(i));
      }
    }
    send();
  }
}
