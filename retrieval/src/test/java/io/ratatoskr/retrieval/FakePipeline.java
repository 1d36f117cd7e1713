package io.ratatoskr.retrieval;

import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.NliReply;
import io.ratatoskr.client.NliRequest;
import io.ratatoskr.client.PartialRatatoskr;
import io.ratatoskr.client.Provenance;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Location;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A pipeline in memory. A text's vector points where its first word says, and a little aside, by
 * the rest. A text entails a query where it contains it, and contradicts it where it contains "not
 * " and the query. Whole requests and single pairs fail, and requests wait, where scripted.
 */
final class FakePipeline extends PartialRatatoskr {
  static final int DIMENSIONS = 16;
  static final String SPACE = "space-1";

  private final List<EmbedRequest> embedRequests = new CopyOnWriteArrayList<>();
  private final List<NliRequest> nliRequests = new CopyOnWriteArrayList<>();
  private String space = SPACE;
  private Function<EmbedRequest, Optional<RuntimeException>> embedScript = _ -> Optional.empty();
  private Function<NliRequest, Optional<RuntimeException>> nliScript = _ -> Optional.empty();
  private Function<NliRequest.Pair, Optional<InferenceError>> pairScript = _ -> Optional.empty();
  private CompletableFuture<Void> embedGate = CompletableFuture.completedFuture(null);
  private CompletableFuture<Void> nliGate = CompletableFuture.completedFuture(null);

  FakePipeline inSpace(String newSpace) {
    space = newSpace;
    return this;
  }

  FakePipeline failingEmbed(Function<EmbedRequest, Optional<RuntimeException>> script) {
    embedScript = script;
    return this;
  }

  FakePipeline failingNli(Function<NliRequest, Optional<RuntimeException>> script) {
    nliScript = script;
    return this;
  }

  FakePipeline failingPairs(Function<NliRequest.Pair, Optional<InferenceError>> script) {
    pairScript = script;
    return this;
  }

  /** From now on vectors come when this completes. */
  void holdEmbed(CompletableFuture<Void> gate) {
    embedGate = gate;
  }

  /** From now on judgements come when this completes. */
  void holdNli(CompletableFuture<Void> gate) {
    nliGate = gate;
  }

  List<EmbedRequest> embedRequests() {
    return embedRequests;
  }

  List<NliRequest> nliRequests() {
    return nliRequests;
  }

  static float[] vector(String text) {
    float[] vector = new float[DIMENSIONS];
    String[] words = text.split(" ", 2);
    add(vector, words[0], 1);
    add(vector, text, 0.2);
    return vector;
  }

  private static void add(float[] vector, String text, double weight) {
    RandomGenerator random =
        RandomGeneratorFactory.of("SplittableRandom").create(text.hashCode() * 31L);
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] += (float) (weight * random.nextGaussian());
    }
  }

  @Override
  public CompletableFuture<EmbedReply> embed(EmbedRequest request) {
    embedRequests.add(request);
    Optional<RuntimeException> failure = embedScript.apply(request);
    if (failure.isPresent()) {
      return CompletableFuture.failedFuture(failure.get());
    }
    return embedGate.thenApplyAsync(_ ->
        new EmbedReply(
            request.model(),
            space,
            DIMENSIONS,
            request.texts().stream().map(FakePipeline::embedded).toList(),
            provenance(request.model())));
  }

  private static EmbedReply.ItemOutcome embedded(String text) {
    return text.contains("poison")
        ? new EmbedReply.Failed(InferenceError.contextLengthExceeded(8, "too long"))
        : new EmbedReply.Embedded(vector(text), 3, 3, false);
  }

  @Override
  public CompletableFuture<NliReply> nli(NliRequest request) {
    nliRequests.add(request);
    Optional<RuntimeException> failure = nliScript.apply(request);
    if (failure.isPresent()) {
      return CompletableFuture.failedFuture(failure.get());
    }
    return nliGate.thenApplyAsync(_ ->
        new NliReply(
            request.model(),
            request.pairs().stream().map(this::judged).toList(),
            provenance(request.model())));
  }

  private NliReply.ItemOutcome judged(NliRequest.Pair pair) {
    return pairScript
        .apply(pair)
        .<NliReply.ItemOutcome>map(NliReply.Failed::new)
        .orElseGet(() -> scored(pair));
  }

  private static NliReply.Scored scored(NliRequest.Pair pair) {
    boolean about = pair.premise().contains(pair.hypothesis());
    boolean denied = about && pair.premise().contains("not ");
    double entailment = denied ? 0.05 : about ? 0.9 : 0.2;
    double contradiction = denied ? 0.9 : 0.05;
    return new NliReply.Scored(
        entailment,
        OptionalDouble.of(1 - entailment - contradiction),
        contradiction,
        denied
            ? NliReply.Label.CONTRADICTION
            : about ? NliReply.Label.ENTAILMENT : NliReply.Label.NEUTRAL,
        10,
        8,
        pair.premise().length() > 200);
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
  public void close() {}
}
