package io.ratatoskr.embed;

import io.ratatoskr.onnx.Embedder;
import io.ratatoskr.onnx.InputType;
import io.ratatoskr.onnx.ItemResult;
import io.ratatoskr.onnx.ModelFiles;
import io.ratatoskr.onnx.ModelLoadException;
import io.ratatoskr.onnx.ModelSpec;
import io.ratatoskr.onnx.Priority;
import io.ratatoskr.onnx.Truncation;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.EmbedReply;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.worker.Engine;
import io.ratatoskr.worker.Outcome;
import io.ratatoskr.worker.Prepared;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds texts with ONNX models. Requests are batched together by the model's {@link Embedder},
 * interactive ones first.
 */
public final class EmbedEngine implements Engine<EmbedTask> {
  private static final Logger LOG = LoggerFactory.getLogger(EmbedEngine.class);
  private static final String PROVIDER = "onnx";

  private final Map<String, CompletableFuture<Embedder>> models = new LinkedHashMap<>();
  private final Codec<EmbedRequest> requests = Codec.of(EmbedRequest.class, SchemaIds.derived());
  private final Codec<EmbedReply> replies = Codec.of(EmbedReply.class, SchemaIds.derived());

  private EmbedEngine() {}

  /** Begins to load the models, all at once, and returns; see {@link #loaded()}. */
  public static EmbedEngine start(EmbedConfig config) {
    EmbedEngine engine = new EmbedEngine();
    for (String id : config.models()) {
      CompletableFuture<Embedder> loading = new CompletableFuture<>();
      engine.models.put(id, loading);
      Thread.ofPlatform()
          .daemon()
          .name("load-" + id)
          .start(() -> {
            try {
              loading.complete(load(id, config));
            } catch (Throwable e) {
              loading.completeExceptionally(e);
            }
          });
    }
    return engine;
  }

  /**
   * Loads the models and returns when all are ready.
   *
   * @throws ModelLoadException when one cannot be used, saying why
   */
  public static EmbedEngine load(EmbedConfig config) {
    EmbedEngine engine = start(config);
    try {
      engine.loaded().join();
      return engine;
    } catch (CompletionException e) {
      engine.close();
      throw e.getCause() instanceof ModelLoadException cause ? cause : e;
    }
  }

  private static Embedder load(String id, EmbedConfig config) {
    long begin = System.nanoTime();
    try {
      Embedder embedder = Embedder.load(ModelFiles.builtIn(id, config.cache()), config.inference());
      LOG.info("Model {} is ready after {} ms", id, (System.nanoTime() - begin) / 1_000_000);
      return embedder;
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

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.EMBED);
  }

  @Override
  public List<ServedModel> models() {
    List<ServedModel> served = new ArrayList<>();
    models.forEach((id, loading) -> served.add(served(id, loading)));
    return served;
  }

  private static ServedModel served(String id, CompletableFuture<Embedder> loading) {
    return switch (loading.state()) {
      case RUNNING -> ServedModel.loading(id);
      case SUCCESS -> {
        ModelSpec spec = loading.resultNow().spec();
        yield new ServedModel(
            id,
            ServedModel.Readiness.READY,
            null,
            spec.revision(),
            spec.spaceId(),
            spec.dimensions(),
            spec.maxTokens());
      }
      case FAILED, CANCELLED ->
          ServedModel.unavailable(id, String.valueOf(loading.exceptionNow().getMessage()));
    };
  }

  @Override
  public Prepared<EmbedTask> prepare(Work work) {
    EmbedRequest request;
    try {
      request = requests.decode(work.payload());
    } catch (UndecodableRecordException e) {
      return refused(new InferenceError.InvalidInput("No EmbedRequest: " + e.getMessage()));
    }
    int items = request.getItems().size();
    if (items < 1 || items > Limits.ITEMS) {
      return refused(
          new InferenceError.InvalidInput(
              "A request holds 1 to %d items, this one %d.".formatted(Limits.ITEMS, items)));
    }
    CompletableFuture<Embedder> model = models.get(request.getModel());
    if (model == null) {
      return refused(
          new InferenceError.ModelNotFound(
              request.getModel(),
              "There is no model %s here; there are %s."
                  .formatted(request.getModel(), models.keySet())));
    }
    return switch (model.state()) {
      case RUNNING -> new Prepared.Settled<>(new Outcome.Loading(request.getModel()));
      case FAILED, CANCELLED ->
          refused(
              new InferenceError.ModelNotAvailable(
                  request.getModel(), String.valueOf(model.exceptionNow().getMessage())));
      case SUCCESS -> new Prepared.Ready<>(task(model.resultNow(), request), items);
    };
  }

  private static Prepared<EmbedTask> refused(InferenceError error) {
    return new Prepared.Settled<>(new Outcome.Rejected(error));
  }

  private static EmbedTask task(Embedder embedder, EmbedRequest request) {
    List<Boolean> blank = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (Item item : request.getItems()) {
      String text = ((Text) item.getContent()).getText();
      blank.add(text.isBlank());
      if (!text.isBlank()) {
        texts.add(text);
      }
    }
    return new EmbedTask(
        embedder,
        embedder.prepare(
            texts,
            switch (request.getInputType()) {
              case QUERY -> InputType.QUERY;
              case DOCUMENT -> InputType.DOCUMENT;
            },
            switch (request.getTruncation()) {
              case ERROR -> Truncation.ERROR;
              case TRUNCATE -> Truncation.TRUNCATE;
              case CHUNK_MEAN -> Truncation.CHUNK_MEAN;
            }),
        blank);
  }

  /** Requests of one model go to it together, so that it batches across them. */
  @Override
  public List<CompletableFuture<Outcome>> run(List<EmbedTask> tasks, Lane lane) {
    Priority priority =
        switch (lane) {
          case INTERACTIVE -> Priority.INTERACTIVE;
          case BULK -> Priority.BULK;
        };
    Map<Embedder, List<EmbedTask>> byModel = new LinkedHashMap<>();
    for (EmbedTask task : tasks) {
      byModel.computeIfAbsent(task.embedder(), key -> new ArrayList<>()).add(task);
    }
    IdentityHashMap<EmbedTask, CompletableFuture<Outcome>> outcomes = new IdentityHashMap<>();
    byModel.forEach((embedder, own) -> {
      List<CompletableFuture<List<ItemResult>>> results =
          embedder.submitAll(own.stream().map(EmbedTask::prepared).toList(), priority);
      for (int i = 0; i < own.size(); i++) {
        outcomes.put(own.get(i), outcome(own.get(i), results.get(i)));
      }
    });
    return tasks.stream().map(outcomes::get).map(Objects::requireNonNull).toList();
  }

  private CompletableFuture<Outcome> outcome(
      EmbedTask task, CompletableFuture<List<ItemResult>> results) {
    ModelSpec spec = task.embedder().spec();
    CompletableFuture<Outcome> outcome =
        results.thenApply(items ->
            new Outcome.Answered(
                replies.encode(task.reply(items)),
                new Outcome.Answerer(PROVIDER, spec.id(), spec.revision(), false)));
    // Ended from outside, it takes what has not run yet out of the model's queue.
    var _ =
        outcome.whenComplete((answer, failure) -> {
          if (failure != null) {
            results.cancel(true);
          }
        });
    return outcome;
  }

  /** Waits for models that are still being loaded, and frees all. */
  @Override
  public void close() {
    for (CompletableFuture<Embedder> loading : models.values()) {
      try {
        loading.join().close();
      } catch (CompletionException | CancellationException e) {
        LOG.debug("A model that was not loaded needs no closing", e);
      }
    }
  }
}
