package io.ratatoskr.allinone;

import io.micrometer.core.instrument.MeterRegistry;
import io.ratatoskr.embed.EmbedConfig;
import io.ratatoskr.embed.EmbedEngine;
import io.ratatoskr.gateway.GatewayEngine;
import io.ratatoskr.nli.NliConfig;
import io.ratatoskr.nli.NliEngine;
import io.ratatoskr.onnx.ModelKind;
import io.ratatoskr.onnx.ModelLoadException;
import io.ratatoskr.onnx.ModelStore;
import io.ratatoskr.onnxworker.ModelEngine;
import io.ratatoskr.onnxworker.ServedModels;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.SchemaRegistry;
import io.ratatoskr.schemas.Setting;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.worker.Engine;
import io.ratatoskr.worker.Worker;
import io.ratatoskr.worker.WorkerConfig;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The kinds of workers; each serves the pool for what it can do. */
public enum WorkerKind {
  EMBED(Capability.EMBED),
  NLI(Capability.NLI),
  GATEWAY(Capability.CHAT);

  private final Capability served;

  WorkerKind(Capability served) {
    this.served = served;
  }

  private WorkerPool serving() {
    return Pools.standard().serving(served).getFirst();
  }

  /** The name of the pool that its workers serve. */
  public String pool() {
    return serving().name();
  }

  /** What the names of its keys begin with. */
  private String prefix() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind whose workers serve such models. */
  private static WorkerKind of(ModelKind kind) {
    return switch (kind) {
      case EMBEDDING -> EMBED;
      case NLI -> NLI;
    };
  }

  /**
   * Refuses a model that workers of this kind cannot serve.
   *
   * @throws IllegalArgumentException when there is no such model, or it is of another kind
   */
  public void require(String model, Map<String, String> values) {
    for (WorkerKind kind : assign(List.of(model), new HashMap<>(values))) {
      if (kind != this) {
        throw new IllegalArgumentException(
            "--model: %s is a model for %s workers, and this needs one for %s workers"
                .formatted(model, kind.prefix(), prefix()));
      }
    }
  }

  /**
   * Sets which models the kinds of workers serve.
   *
   * @param models ids and paths of folders, of any kind
   * @return the kinds that serve them
   * @throws IllegalArgumentException when there is no such model
   */
  public static Set<WorkerKind> assign(List<String> models, Map<String, String> values) {
    ModelStore store = ServedModels.store(values);
    Map<WorkerKind, List<String>> assigned = new EnumMap<>(WorkerKind.class);
    for (String model : models) {
      try {
        assigned.computeIfAbsent(of(store.kind(model)), kind -> new ArrayList<>()).add(model);
      } catch (ModelLoadException e) {
        throw new IllegalArgumentException("--model: " + e.getMessage(), e);
      }
    }
    assigned.forEach(
        (kind, names) -> values.put(kind.prefix() + "-models", String.join(",", names)));
    return assigned.keySet();
  }

  /**
   * What a worker infers with.
   *
   * @param engine to be closed after the worker
   * @param loaded completes when its models are ready; fails with the reason why they never will
   */
  public record Loading(Engine<?> engine, CompletableFuture<Void> loaded) implements AutoCloseable {

    private static Loading of(ModelEngine<?> engine) {
      return new Loading(engine, engine.loaded());
    }

    /** Whether its models are ready. */
    public boolean ready() {
      return loaded.isDone() && !loaded.isCompletedExceptionally();
    }

    /**
     * Waits until its models are ready.
     *
     * @throws RuntimeException the reason why they never will be
     */
    public void await() throws InterruptedException {
      try {
        var _ = loaded.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException reason) {
          throw reason;
        }
        throw new IllegalStateException("The models cannot be loaded", e.getCause());
      }
    }

    /** One line for people. */
    public String state() {
      if (!loaded.isDone()) {
        return "loading";
      }
      return loaded.isCompletedExceptionally()
          ? "failed: " + loaded.exceptionNow().getMessage()
          : "ready";
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  /** Begins to load what the worker infers with. */
  public Loading load(Map<String, String> values) {
    return switch (this) {
      case EMBED -> Loading.of(EmbedEngine.start(EmbedConfig.of(values), ids(values)));
      case NLI -> Loading.of(NliEngine.start(NliConfig.of(values), ids(values)));
      case GATEWAY -> new Loading(GatewayEngine.create(), CompletableFuture.completedFuture(null));
    };
  }

  private static SchemaIds ids(Map<String, String> values) {
    return SchemaIds.of(SchemaRegistry.SETTING.of(values));
  }

  /** Joins the pool on that Kafka; work is taken when the models are ready. */
  public Worker start(
      String bootstrap, Loading loading, Map<String, String> values, MeterRegistry meters) {
    Map<String, String> own = new HashMap<>(Setting.ofPart(WorkerConfig.settings(), values));
    own.put("bootstrap", bootstrap);
    own.put("worker-pool", pool());
    if (serving().taking() == WorkerPool.Taking.CLAIMED) {
      // What a provider has been paid for must not be done twice.
      own.putIfAbsent("worker-queue", "claimed");
    }
    return Worker.start(WorkerConfig.of(own), loading.engine(), meters);
  }
}
