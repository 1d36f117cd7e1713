package io.ratatoskr.bulk;

import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.PartialRatatoskr;
import io.ratatoskr.client.Provenance;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.schemas.InferenceError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * A pipeline in memory: a text's vector depends on the text alone, replies come in another order
 * than the requests, and what fails is scripted.
 */
final class HashRatatoskr extends PartialRatatoskr {
  private final int dimensions;
  private final int held;
  private final String spaceId;
  private final List<EmbedRequest> requests = new CopyOnWriteArrayList<>();
  private final List<Runnable> pending = new ArrayList<>();
  private Function<EmbedRequest, Optional<InferenceError>> requestScript = _ -> Optional.empty();
  private Function<String, Optional<InferenceError>> textScript = _ -> Optional.empty();
  private boolean recording = true;
  private volatile boolean silent;

  HashRatatoskr(int dimensions) {
    this(dimensions, 0, "space-1");
  }

  /**
   * @param held replies that are held back, so that they come out of order
   */
  HashRatatoskr(int dimensions, int held, String spaceId) {
    this.dimensions = dimensions;
    this.held = held;
    this.spaceId = spaceId;
  }

  /** Fails whole requests. */
  HashRatatoskr failingRequests(Function<EmbedRequest, Optional<InferenceError>> script) {
    requestScript = script;
    return this;
  }

  /** Fails single texts. */
  HashRatatoskr failingTexts(Function<String, Optional<InferenceError>> script) {
    textScript = script;
    return this;
  }

  HashRatatoskr withoutRecording() {
    recording = false;
    return this;
  }

  /** From now on nothing is answered. */
  void fallSilent() {
    silent = true;
  }

  /** What was asked so far. */
  List<EmbedRequest> requests() {
    return requests;
  }

  List<String> textsAsked() {
    return requests.stream().flatMap(request -> request.texts().stream()).toList();
  }

  @Override
  public CompletableFuture<EmbedReply> embed(EmbedRequest request) {
    if (recording) {
      requests.add(request);
    }
    CompletableFuture<EmbedReply> future = new CompletableFuture<>();
    if (silent) {
      return future;
    }
    Optional<InferenceError> failure = requestScript.apply(request);
    Runnable completion =
        failure.isPresent()
            ? () -> future.completeExceptionally(new RequestFailedException(failure.get()))
            : () -> future.complete(reply(request));
    synchronized (pending) {
      pending.add(completion);
      while (pending.size() > held) {
        pending.remove(ThreadLocalRandom.current().nextInt(pending.size())).run();
      }
    }
    Thread.startVirtualThread(this::releaseOne);
    return future;
  }

  private void releaseOne() {
    Runnable completion = null;
    synchronized (pending) {
      if (!pending.isEmpty()) {
        completion = pending.remove(ThreadLocalRandom.current().nextInt(pending.size()));
      }
    }
    if (completion != null) {
      completion.run();
    }
  }

  private EmbedReply reply(EmbedRequest request) {
    List<EmbedReply.ItemOutcome> items = new ArrayList<>();
    for (String text : request.texts()) {
      Optional<InferenceError> failure = textScript.apply(text);
      items.add(
          failure.isPresent()
              ? new EmbedReply.Failed(failure.get())
              : new EmbedReply.Embedded(vector(text, dimensions), 3, 3, text.startsWith("long ")));
    }
    return new EmbedReply(request.model(), spaceId, dimensions, items, provenance(request));
  }

  /** A vector that depends on the text alone, quickly made. */
  static float[] vector(String text, int dimensions) {
    long state = text.hashCode();
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      vector[i] = (state >> 40) * 0x1p-23f;
    }
    return vector;
  }

  private static Provenance provenance(EmbedRequest request) {
    return new Provenance(
        "test",
        request.model(),
        "1",
        "worker-1",
        Provenance.Location.LOCAL,
        Provenance.CacheUse.NONE,
        Optional.empty(),
        1,
        Duration.ZERO,
        Duration.ZERO);
  }

  @Override
  public void close() {
    synchronized (pending) {
      pending.clear();
    }
  }
}
