package io.ratatoskr.retrieval;

import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.InputType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Embeds queries. A few requests are out at once; what is asked for meanwhile waits and goes with
 * the next one, so that batches grow with the load and a lone query waits for nobody.
 */
final class QueryEmbedder {
  private static final int REQUESTS = 4;
  private static final int BATCH = 32;
  private static final int BATCH_CHARS = 64 * 1024;

  private final Ratatoskr ratatoskr;
  private final String model;
  private final RequestOptions options;
  private final Consumer<EmbedReply> check;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private int requests;

  private record Waiting(String text, CompletableFuture<float[]> vector) {}

  /**
   * @param check throws if vectors of that reply do not belong to the corpus
   */
  QueryEmbedder(
      Ratatoskr ratatoskr, String model, RequestOptions options, Consumer<EmbedReply> check) {
    this.ratatoskr = ratatoskr;
    this.model = model;
    this.options = options;
    this.check = check;
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
    for (List<Waiting> batch = take(); !batch.isEmpty(); batch = take()) {
      request(batch);
    }
  }

  private synchronized List<Waiting> take() {
    List<Waiting> batch = new ArrayList<>();
    int chars = 0;
    while (requests < REQUESTS
        && !waiting.isEmpty()
        && batch.size() < BATCH
        && (batch.isEmpty() || chars + waiting.getFirst().text.length() <= BATCH_CHARS)) {
      Waiting next = waiting.removeFirst();
      chars += next.text.length();
      batch.add(next);
    }
    requests += batch.isEmpty() ? 0 : 1;
    return batch;
  }

  private void request(List<Waiting> batch) {
    EmbedRequest request =
        EmbedRequest.of(model, batch.stream().map(Waiting::text).toList())
            .withInputType(InputType.QUERY)
            .withOptions(options);
    var _ =
        ratatoskr
            .embed(request)
            .whenComplete((reply, failure) -> {
              synchronized (this) {
                requests--;
              }
              // First, so that the next batch is on its way while this one's vectors are used.
              send();
              answer(batch, reply, failure);
            });
  }

  private void answer(
      List<Waiting> batch, @Nullable EmbedReply reply, @Nullable Throwable failure) {
    if (reply == null) {
      Throwable cause = failure == null ? new IllegalStateException("no reply") : failure;
      batch.forEach(query -> query.vector.completeExceptionally(cause));
      return;
    }
    try {
      check.accept(reply);
    } catch (RuntimeException e) {
      batch.forEach(query -> query.vector.completeExceptionally(e));
      return;
    }
    for (int i = 0; i < batch.size(); i++) {
      CompletableFuture<float[]> vector = batch.get(i).vector;
      switch (reply.items().get(i)) {
        case EmbedReply.Embedded embedded -> vector.complete(embedded.vector());
        case EmbedReply.Failed failed ->
            vector.completeExceptionally(new RequestFailedException(failed.error()));
      }
    }
  }
}
