package io.ratatoskr.onnxworker;

import io.ratatoskr.onnx.EmbeddingSpec;
import io.ratatoskr.onnx.ItemResult;
import io.ratatoskr.onnx.ModelFiles;
import io.ratatoskr.onnx.ModelLoadException;
import io.ratatoskr.onnx.ModelSpec;
import io.ratatoskr.onnx.OnnxModel;
import io.ratatoskr.onnx.PairSpec;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.FutureFailure;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.chat.TokenUsage;
import io.ratatoskr.worker.Engine;
import io.ratatoskr.worker.Outcome;
import io.ratatoskr.worker.Prepared;
import io.ratatoskr.worker.Run;
import io.ratatoskr.worker.ServedModel;
import io.ratatoskr.worker.Work;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Infers with ONNX models. Requests for a model are batched together by it, interactive ones first.
 *
 * @param <M> the kind of models
 */
public final class ModelEngine<M extends OnnxModel> implements Engine<ModelTask<M>> {
  private static final Logger LOG = LoggerFactory.getLogger(ModelEngine.class);
  private static final String PROVIDER = "onnx";

  private final Map<Capability, RequestReader<M>> readers;
  private final Map<String, CompletableFuture<M>> models = new LinkedHashMap<>();

  private ModelEngine(Map<Capability, RequestReader<M>> readers) {
    this.readers = Map.copyOf(readers);
  }

  /**
   * Begins to load the models, all at once, and returns; see {@link #loaded()}.
   *
   * @param load makes a model of its files
   * @param readers how the requests of each capability are read
   */
  public static <M extends OnnxModel> ModelEngine<M> start(
      ServedModels served,
      Function<ModelFiles, M> load,
      Map<Capability, RequestReader<M>> readers) {
    ModelEngine<M> engine = new ModelEngine<>(readers);
    served
        .byId()
        .forEach((id, name) -> {
          CompletableFuture<M> loading = new CompletableFuture<>();
          engine.models.put(id, loading);
          Thread.ofPlatform()
              .daemon()
              .name("load-" + id)
              .start(() -> {
                try {
                  loading.complete(load(id, () -> load.apply(served.store().find(name))));
                } catch (Throwable e) {
                  loading.completeExceptionally(e);
                }
              });
        });
    return engine;
  }

  private static <M> M load(String id, java.util.function.Supplier<M> load) {
    long begin = System.nanoTime();
    try {
      M model = load.get();
      LOG.info("Model {} is ready after {} ms", id, (System.nanoTime() - begin) / 1_000_000);
      return model;
    } catch (ModelLoadException e) {
      // It says all that there is to say.
      LOG.error("Model {} cannot be loaded; this worker takes no work: {}", id, e.getMessage());
      LOG.debug("Model {} cannot be loaded", id, e);
      throw e;
    } catch (RuntimeException e) {
      LOG.error("Model {} cannot be loaded; this worker takes no work", id, e);
      throw e;
    }
  }

  /**
   * Completes when all models are ready; fails with the first {@link ModelLoadException} when one
   * cannot be loaded.
   */
  public CompletableFuture<Void> loaded() {
    return CompletableFuture.allOf(models.values().toArray(CompletableFuture[]::new));
  }

  /**
   * Waits until all models are ready; closes the engine where one cannot be loaded.
   *
   * @return this
   * @throws ModelLoadException when one cannot be used, saying why
   */
  public ModelEngine<M> awaitLoaded() {
    try {
      loaded().join();
      return this;
    } catch (CompletionException e) {
      close();
      throw FutureFailure.cause(e) instanceof ModelLoadException cause ? cause : e;
    }
  }

  @Override
  public Set<Capability> capabilities() {
    return readers.keySet();
  }

  @Override
  public List<ServedModel> models() {
    List<ServedModel> served = new ArrayList<>();
    models.forEach((id, loading) -> served.add(served(id, loading)));
    return served;
  }

  private static ServedModel served(String id, CompletableFuture<? extends OnnxModel> loading) {
    return switch (loading.state()) {
      case RUNNING -> ServedModel.loading(id);
      case SUCCESS ->
          switch (loading.resultNow().spec()) {
            case EmbeddingSpec spec -> ready(spec, spec.spaceId(), spec.dimensions());
            case PairSpec spec -> ready(spec, "", 0);
          };
      case FAILED, CANCELLED ->
          ServedModel.unavailable(id, String.valueOf(loading.exceptionNow().getMessage()));
    };
  }

  private static ServedModel ready(ModelSpec spec, String spaceId, int dimensions) {
    return new ServedModel(
        spec.id(),
        ServedModel.Readiness.READY,
        null,
        spec.revision(),
        spaceId,
        dimensions,
        spec.maxTokens());
  }

  @Override
  public Prepared<ModelTask<M>> prepare(Work work) {
    RequestReader<M> reader = readers.get(work.capability());
    if (reader == null) {
      return settled(
          InferenceError.invalidInput(
              "This pool serves %s and not %s."
                  .formatted(readers.keySet(), work.capability().topicName())));
    }
    return switch (reader.read(work)) {
      case Reading.Settled<M>(Outcome outcome) -> new Prepared.Settled<>(outcome);
      case Reading.Wanted<M> wanted -> prepare(work.model(), wanted);
    };
  }

  private Prepared<ModelTask<M>> prepare(String id, Reading.Wanted<M> wanted) {
    CompletableFuture<M> model = models.get(id);
    if (model == null) {
      return settled(
          InferenceError.modelNotFound(
              id, "There is no model %s here; there are %s.".formatted(id, models.keySet())));
    }
    return switch (model.state()) {
      case RUNNING -> new Prepared.Settled<>(new Outcome.Loading(id));
      case FAILED, CANCELLED ->
          settled(
              InferenceError.modelNotAvailable(
                  id, String.valueOf(model.exceptionNow().getMessage())));
      case SUCCESS ->
          wanted
              .against()
              .apply(model.resultNow())
              .map(why -> settled(InferenceError.invalidInput(why)))
              .orElseGet(() ->
                  new Prepared.Ready<>(wanted.task().apply(model.resultNow()), wanted.weight()));
    };
  }

  private Prepared<ModelTask<M>> settled(InferenceError error) {
    return new Prepared.Settled<>(new Outcome.Rejected(error));
  }

  /** Requests for one model go to it together, so that it batches across them. */
  @Override
  public List<CompletableFuture<Outcome>> run(List<Run<ModelTask<M>>> runs, Lane lane) {
    List<ModelTask<M>> tasks = runs.stream().map(Run::task).toList();
    Map<M, List<ModelTask<M>>> byModel = new LinkedHashMap<>();
    for (ModelTask<M> task : tasks) {
      byModel.computeIfAbsent(task.model(), key -> new ArrayList<>()).add(task);
    }
    IdentityHashMap<ModelTask<M>, CompletableFuture<Outcome>> outcomes = new IdentityHashMap<>();
    byModel.forEach((model, own) -> {
      List<CompletableFuture<List<ItemResult>>> results =
          model.submitAll(own.stream().map(ModelTask::tokenised).toList(), lane);
      for (int i = 0; i < own.size(); i++) {
        outcomes.put(own.get(i), outcome(own.get(i), results.get(i)));
      }
    });
    return tasks.stream().map(outcomes::get).map(Objects::requireNonNull).toList();
  }

  private CompletableFuture<Outcome> outcome(
      ModelTask<M> task, CompletableFuture<List<ItemResult>> results) {
    ModelSpec spec = task.model().spec();
    CompletableFuture<Outcome> outcome =
        results.thenApply(items ->
            new Outcome.Answered(
                task.reply().apply(items),
                new Outcome.Answerer(PROVIDER, spec.id(), spec.revision(), false),
                TokenUsage.ofPrompt(tokens(items))));
    // Completed from outside, it takes what has not run yet out of the model's queue.
    var _ = outcome.whenComplete((_, _) -> results.cancel(true));
    return outcome;
  }

  private static long tokens(List<ItemResult> items) {
    return items.stream()
        .mapToLong(item -> item instanceof ItemResult.Inferred of ? of.usedTokens() : 0)
        .sum();
  }

  /** Waits for models that are still being loaded, and frees all. */
  @Override
  public void close() {
    for (CompletableFuture<M> loading : models.values()) {
      try {
        loading.join().close();
      } catch (CompletionException | CancellationException e) {
        LOG.debug("A model that was not loaded needs no closing", e);
      }
    }
    readers.values().forEach(RequestReader::close);
  }
}
