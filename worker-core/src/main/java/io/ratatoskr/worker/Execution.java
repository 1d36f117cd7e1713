package io.ratatoskr.worker;

import io.ratatoskr.schemas.FutureFailure;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs prepared work and publishes each outcome as soon as it is there. Bulk outcomes are encoded
 * and sent by threads of {@code publishing}, so that the engine's go on to the next batch; the
 * interactive ones at once by the thread that has them, since handing them over costs latency.
 */
final class Execution<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

  private final Engine<T> engine;
  private final ResultPublisher publisher;
  private final Chunks chunks;
  private final Executor publishing;
  private final Aborts aborts;
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private volatile boolean ending;

  private record Running(Delivery delivery, CompletableFuture<Outcome> outcome) {}

  Execution(
      Engine<T> engine,
      ResultPublisher publisher,
      Chunks chunks,
      Executor publishing,
      Aborts aborts) {
    this.engine = engine;
    this.publisher = publisher;
    this.chunks = chunks;
    this.publishing = publishing;
    this.aborts = aborts;
    aborts.listen(this::withdrawAborted);
  }

  /**
   * Runs a batch.
   *
   * @return for each delivery a future that completes when its outcome is acknowledged; it fails
   *     only where the worker ends first
   */
  List<CompletableFuture<Void>> run(List<Taken<T>> batch, Lane lane) {
    List<CompletableFuture<Void>> published = new ArrayList<>(batch.size());
    List<Taken.Ready<T>> ready = new ArrayList<>(batch.size());
    for (Taken<T> taken : batch) {
      switch (taken) {
        case Taken.Settled<T> settled ->
            published.add(
                publish(
                    settled.delivery(),
                    CompletableFuture.completedFuture(settled.outcome()),
                    lane));
        case Taken.Ready<T> task -> ready.add(task);
      }
    }
    if (!ready.isEmpty()) {
      List<Optional<Chunks.Stream>> streams =
          ready.stream().map(task -> chunks.open(task.delivery())).toList();
      List<CompletableFuture<Outcome>> outcomes = start(ready, streams, lane);
      for (int i = 0; i < ready.size(); i++) {
        Delivery delivery = ready.get(i).delivery();
        CompletableFuture<Outcome> outcome = watched(outcomes.get(i), delivery);
        published.add(publish(delivery, afterStream(streams.get(i), outcome), lane));
      }
    }
    return published;
  }

  /** The outcome comes after every piece, so that its reply does too. */
  private static CompletableFuture<Outcome> afterStream(
      Optional<Chunks.Stream> stream, CompletableFuture<Outcome> outcome) {
    return stream
        .map(pieces ->
            outcome.thenCompose(result -> pieces.end().thenApply(_ -> timed(result, pieces))))
        .orElse(outcome);
  }

  private static Outcome timed(Outcome outcome, Chunks.Stream pieces) {
    return outcome instanceof Outcome.Answered answered
        ? answered.firstAfter(pieces.firstAfterMs())
        : outcome;
  }

  private List<CompletableFuture<Outcome>> start(
      List<Taken.Ready<T>> ready, List<Optional<Chunks.Stream>> streams, Lane lane) {
    List<Run<T>> runs = new ArrayList<>(ready.size());
    for (int i = 0; i < ready.size(); i++) {
      Delivery delivery = ready.get(i).delivery();
      runs.add(
          new Run<>(
              ready.get(i).task(),
              Instant.ofEpochMilli(delivery.item().getDeadlineMs()),
              streams.get(i).<EventSink>map(stream -> stream).orElse(EventSink.unwanted())));
    }
    try {
      List<CompletableFuture<Outcome>> outcomes = engine.run(runs, lane);
      if (outcomes.size() != ready.size()) {
        throw new IllegalStateException(
            "the engine gave %d outcomes for %d tasks".formatted(outcomes.size(), ready.size()));
      }
      return outcomes;
    } catch (RuntimeException e) {
      LOG.warn("The engine refused a batch of {}", ready.size(), e);
      return ready.stream().map(task -> CompletableFuture.<Outcome>failedFuture(e)).toList();
    }
  }

  private CompletableFuture<Outcome> watched(
      CompletableFuture<Outcome> outcome, Delivery delivery) {
    running.put(delivery.execution(), new Running(delivery, outcome));
    if (aborts.covers(delivery)) {
      outcome.complete(WorkReader.CANCELLED);
    }
    if (ending) {
      outcome.cancel(true);
    }
    long budgetMs = Math.max(1, delivery.item().getBudgetMs());
    return outcome
        .orTimeout(budgetMs, TimeUnit.MILLISECONDS)
        .whenComplete((result, failure) -> running.remove(delivery.execution()))
        .exceptionally(failure -> failed(delivery, failure));
  }

  private void withdrawAborted() {
    for (Running each : running.values()) {
      if (aborts.covers(each.delivery())) {
        each.outcome().complete(WorkReader.CANCELLED);
      }
    }
  }

  private static Outcome failed(Delivery delivery, Throwable failure) {
    Throwable cause = FutureFailure.cause(failure);
    return switch (cause) {
      case TimeoutException timeout ->
          retryable(
              "The inference took longer than its budget of "
                  + Duration.ofMillis(delivery.item().getBudgetMs())
                  + ".");
      case CancellationException cancelled ->
          retryable("The worker ended before the inference did.");
      default -> {
        LOG.warn("Running {} failed", delivery, cause);
        yield retryable("The inference failed: " + cause);
      }
    };
  }

  private static Outcome retryable(String message) {
    return new Outcome.Retryable(InferenceError.llm(true, message));
  }

  private CompletableFuture<Void> publish(
      Delivery delivery, CompletableFuture<Outcome> outcome, Lane lane) {
    return switch (lane) {
      case INTERACTIVE ->
          outcome.thenCompose(result ->
              publisher
                  .send(delivery, result)
                  .exceptionallyAsync(failure -> publish(delivery, result), publishing));
      case BULK -> outcome.thenAcceptAsync(result -> publish(delivery, result), publishing);
    };
  }

  private Void publish(Delivery delivery, Outcome outcome) {
    try {
      publisher.outcome(delivery, outcome);
      return null;
    } catch (InterruptedException e) {
      throw new CancellationException("the worker ended before the outcome was published");
    }
  }

  /**
   * Ends what still runs and what is begun from now on; each becomes a {@link Outcome.Retryable},
   * so the router need not wait.
   */
  void cancelRunning() {
    ending = true;
    running.values().forEach(each -> each.outcome().cancel(true));
  }
}
