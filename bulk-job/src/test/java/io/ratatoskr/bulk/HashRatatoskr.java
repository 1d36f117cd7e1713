package io.ratatoskr.bulk;

import io.ratatoskr.client.ClassifyReply;
import io.ratatoskr.client.ClassifyRequest;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.NliReply;
import io.ratatoskr.client.NliRequest;
import io.ratatoskr.client.PartialRatatoskr;
import io.ratatoskr.client.Provenance;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.client.StanceReply;
import io.ratatoskr.client.StanceRequest;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Location;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A pipeline in memory: an answer depends on its question alone, replies come in another order than
 * the requests, and what fails is scripted. Of a pair, the premise is what scripts look at.
 */
final class HashRatatoskr extends PartialRatatoskr {
  private final int dimensions;
  private final int held;
  private final String spaceId;
  private final List<List<String>> requests = new CopyOnWriteArrayList<>();
  private final List<Runnable> pending = new ArrayList<>();
  private Function<List<String>, Optional<InferenceError>> requestScript = _ -> Optional.empty();
  private Function<String, Optional<InferenceError>> textScript = _ -> Optional.empty();
  private final List<CompletableFuture<?>> unanswered = new CopyOnWriteArrayList<>();
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

  /** Fails whole requests, by their texts. */
  HashRatatoskr failingRequests(Function<List<String>, Optional<InferenceError>> script) {
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

  /** The replies to what was asked since. */
  List<CompletableFuture<?>> unanswered() {
    return unanswered;
  }

  /** The texts of each request so far. */
  List<List<String>> requests() {
    return requests;
  }

  List<String> textsAsked() {
    return requests.stream().flatMap(List::stream).toList();
  }

  @Override
  public CompletableFuture<EmbedReply> embed(EmbedRequest request) {
    return answer(
        request.texts(),
        () ->
            new EmbedReply(
                request.model(),
                spaceId,
                dimensions,
                request.texts().stream().map(this::embedded).toList(),
                provenance(request.model())));
  }

  private EmbedReply.ItemOutcome embedded(String text) {
    return textScript
        .apply(text)
        .<EmbedReply.ItemOutcome>map(EmbedReply.Failed::new)
        .orElseGet(() ->
            new EmbedReply.Embedded(vector(text, dimensions), 3, 3, text.startsWith("long ")));
  }

  @Override
  public CompletableFuture<NliReply> nli(NliRequest request) {
    return answer(
        request.pairs().stream().map(NliRequest.Pair::premise).toList(),
        () ->
            new NliReply(
                request.model(),
                request.pairs().stream().map(this::judged).toList(),
                provenance(request.model())));
  }

  private NliReply.ItemOutcome judged(NliRequest.Pair pair) {
    return textScript
        .apply(pair.premise())
        .<NliReply.ItemOutcome>map(NliReply.Failed::new)
        .orElseGet(() -> scored(pair.premise(), pair.hypothesis()));
  }

  /** Scores that depend on the pair alone; a hypothesis of two classes has no neutral. */
  static NliReply.Scored scored(String premise, String hypothesis) {
    float entailment = vector(premise + "|" + hypothesis, 1)[0];
    return new NliReply.Scored(
        entailment,
        hypothesis.startsWith("two ") ? OptionalDouble.empty() : OptionalDouble.of(0.25f),
        1 - entailment,
        NliReply.Label.NEUTRAL,
        4,
        4,
        premise.startsWith("long "));
  }

  @Override
  public CompletableFuture<ClassifyReply> classify(ClassifyRequest request) {
    return answer(
        request.texts(),
        () ->
            new ClassifyReply(
                request.model(),
                request.labels(),
                request.texts().stream()
                    .<ClassifyReply.ItemOutcome>map(text ->
                        new ClassifyReply.Scored(
                            request.labels().stream()
                                .map(label ->
                                    new ClassifyReply.LabelScore(
                                        label, text.contains(label) ? 0.75f : 0.25f))
                                .toList(),
                            5,
                            5,
                            false))
                    .toList(),
                provenance(request.model())));
  }

  @Override
  public CompletableFuture<StanceReply> stance(StanceRequest request) {
    return answer(
        request.items().stream().map(StanceRequest.Item::text).toList(),
        () ->
            new StanceReply(
                request.model(),
                request.items().stream()
                    .<StanceReply.ItemOutcome>map(item ->
                        item.text().contains(item.target())
                            ? new StanceReply.Scored(
                                0.75f, 0.125f, 0.125f, StanceReply.Label.FAVOR, 6, 6, false)
                            : new StanceReply.Scored(
                                0.25f, 0.5f, 0.25f, StanceReply.Label.AGAINST, 6, 6, false))
                    .toList(),
                provenance(request.model())));
  }

  private <R> CompletableFuture<R> answer(List<String> texts, Supplier<R> reply) {
    if (recording) {
      requests.add(texts);
    }
    CompletableFuture<R> future = new CompletableFuture<>();
    if (silent) {
      unanswered.add(future);
      return future;
    }
    Optional<InferenceError> failure = requestScript.apply(texts);
    Runnable completion =
        failure.isPresent()
            ? () -> future.completeExceptionally(new RequestFailedException(failure.get()))
            : () -> future.complete(reply.get());
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

  private static Provenance provenance(String model) {
    return new Provenance(
        "test",
        model,
        "1",
        "worker-1",
        Location.LOCAL,
        Provenance.CacheUse.NONE,
        Optional.empty(),
        1,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        "",
        "",
        List.of(),
        false);
  }

  @Override
  public void close() {
    synchronized (pending) {
      pending.clear();
    }
  }
}
