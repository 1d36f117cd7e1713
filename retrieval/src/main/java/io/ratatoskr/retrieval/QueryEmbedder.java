package io.ratatoskr.retrieval;

import io.ratatoskr.client.Asker;
import io.ratatoskr.client.Asker.Outcome;
import io.ratatoskr.client.Asker.Verdict;
import io.ratatoskr.client.Backoff;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.client.Time;
import io.ratatoskr.schemas.InputType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Embeds queries. A few requests are out at once; what is asked for meanwhile waits and goes with
 * the next one, so that batches grow with the load and a lone query waits for nobody. What failed
 * for the time being is asked again, within the options' timeout; of a request that failed as a
 * whole, the halves.
 */
final class QueryEmbedder {
  private static final int REQUESTS = 4;
  private static final int BATCH = 32;
  private static final int BATCH_CHARS = 64 * 1024;
  private static final int TRIES = 4;

  private final Ratatoskr ratatoskr;
  private final String model;
  private final RequestOptions options;
  private final Consumer<EmbedReply> check;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Asker<Waiting, float[]> asker;

  private record Waiting(String text, CompletableFuture<float[]> vector) {}

  private final class Requests implements Asker.Job<Waiting, float[]> {
    @Override
    public CompletableFuture<List<Outcome<float[]>>> ask(List<Waiting> batch) {
      return ratatoskr
          .embed(
              EmbedRequest.of(model, batch.stream().map(Waiting::text).toList())
                  .withInputType(InputType.QUERY)
                  .withOptions(options))
          .thenApply(reply -> {
            check.accept(reply);
            return Outcome.of(reply, item -> ((EmbedReply.Embedded) item).vector());
          });
    }

    @Override
    public Verdict verdict(List<Waiting> batch, Asker.Failure failure) {
      // Its place is free, at least until the pause is over.
      send();
      if (failure.error().isTransient()) {
        return failure.tries() < TRIES
                && failure.lasting().plus(failure.pause()).compareTo(options.timeout()) < 0
            ? new Verdict.Again()
            : new Verdict.GiveUp();
      }
      return failure.error().code().mayComeOfItems() ? new Verdict.Split() : new Verdict.GiveUp();
    }

    @Override
    public int halvings() {
      return Judge.HALVINGS;
    }

    @Override
    public void settled(List<Waiting> batch, List<Outcome<float[]>> outcomes) {
      // First, so that the next batch is on its way while this one's vectors are used.
      send();
      for (int i = 0; i < batch.size(); i++) {
        CompletableFuture<float[]> vector = batch.get(i).vector;
        switch (outcomes.get(i)) {
          case Outcome.Answered<float[]> answered -> vector.complete(answered.answer());
          case Outcome.Failed<float[]> failed ->
              vector.completeExceptionally(new RequestFailedException(failed.error()));
        }
      }
    }

    @Override
    public void lost(List<Waiting> batch, Throwable reason) {
      send();
      batch.forEach(query -> query.vector.completeExceptionally(reason));
    }
  }

  /**
   * @param check throws if vectors of that reply do not belong to the corpus
   */
  QueryEmbedder(
      Ratatoskr ratatoskr,
      String model,
      RequestOptions options,
      Consumer<EmbedReply> check,
      Backoff backoff,
      Time time) {
    this.ratatoskr = ratatoskr;
    this.model = model;
    this.options = options;
    this.check = check;
    this.asker = new Asker<>(new Requests(), REQUESTS, backoff, time);
  }

  CompletableFuture<float[]> embed(String text) {
    CompletableFuture<float[]> vector = new CompletableFuture<>();
    synchronized (this) {
      waiting.add(new Waiting(text, vector));
    }
    send();
    return vector;
  }

  private void send() {
    while (asker.isHungry()) {
      List<Waiting> batch = take();
      if (batch.isEmpty()) {
        return;
      }
      asker.add(batch);
    }
  }

  private synchronized List<Waiting> take() {
    List<Waiting> batch = new ArrayList<>();
    int chars = 0;
    while (!waiting.isEmpty()
        && batch.size() < BATCH
        && (batch.isEmpty() || chars + waiting.getFirst().text.length() <= BATCH_CHARS)) {
      Waiting next = waiting.removeFirst();
      chars += next.text.length();
      batch.add(next);
    }
    return batch;
  }
}
