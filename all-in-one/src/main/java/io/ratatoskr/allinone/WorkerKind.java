package io.ratatoskr.allinone;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.micrometer.core.instrument.MeterRegistry;
import io.ratatoskr.embed.EmbedEngine;
import io.ratatoskr.gateway.GatewayEngine;
import io.ratatoskr.gateway.ProviderConfig;
import io.ratatoskr.nli.NliEngine;
import io.ratatoskr.onnx.ModelKind;
import io.ratatoskr.onnx.ModelLoadException;
import io.ratatoskr.onnx.ModelStore;
import io.ratatoskr.onnxworker.ModelEngine;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.worker.Engine;
import io.ratatoskr.worker.Worker;
import io.ratatoskr.worker.WorkerConfig;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * The kinds of workers, by their engine. A kind's workers can serve every pool whose capabilities
 * their engine has; a gateway's has those of the provider of the pool's name.
 */
public enum WorkerKind {
  EMBED("embed"),
  NLI("nli"),
  GATEWAY("chat");

  private final String usualPool;

  WorkerKind(String usualPool) {
    this.usualPool = usualPool;
  }

  /** The capabilities that the engine of its workers has in a pool of that name. */
  private Set<Capability> capabilities(String pool, Configuration configuration) {
    return switch (this) {
      case EMBED -> EmbedEngine.CAPABILITIES;
      case NLI -> NliEngine.CAPABILITIES;
      case GATEWAY ->
          configuration
              .provider(pool)
              .map(ProviderConfig::capabilities)
              .orElse(GatewayEngine.WITHOUT_PROVIDER);
    };
  }

  /** The kind whose workers answer that with models of their own, or through any provider. */
  public static WorkerKind serving(Capability capability) {
    if (EmbedEngine.CAPABILITIES.contains(capability)) {
      return EMBED;
    }
    return NliEngine.CAPABILITIES.contains(capability) ? NLI : GATEWAY;
  }

  /** The name of the pool that its workers serve where no other one is configured. */
  public String usualPool() {
    return usualPool;
  }

  /**
   * The pool whose work its workers take.
   *
   * @throws InvalidSettingException if there is no such pool, or its workers cannot do all of what
   *     it serves
   */
  public WorkerPool pool(Configuration configuration) {
    Pools pools = configuration.router().pools();
    String chosen = configuration.worker().pool();
    WorkerPool pool =
        pools.named(WorkerConfig.POOL_NAME.key(), chosen.isEmpty() ? usualPool : chosen);
    Set<Capability> can = capabilities(pool.name(), configuration);
    if (!can.containsAll(pool.capabilities())) {
      throw new InvalidSettingException(
          WorkerConfig.POOL_NAME.key(),
          "pool '%s' serves %s, and %s workers can do nothing but %s%s; name %s"
              .formatted(
                  pool.name(),
                  pool.serves(),
                  prefix(),
                  can.stream()
                      .sorted()
                      .map(Capability::topicName)
                      .collect(Collectors.joining(", ")),
                  configuration.provider(pool.name()).isPresent() ? " there" : "",
                  others(configuration)));
    }
    return pool;
  }

  /**
   * The pools whose work its workers take in one process: for a gateway those of all providers,
   * unless one pool is chosen.
   *
   * @throws InvalidSettingException as {@link #pool} does
   */
  public List<WorkerPool> pools(Configuration configuration) {
    List<ProviderConfig> providers = configuration.providers();
    if (this != GATEWAY || providers.isEmpty() || !configuration.worker().pool().isEmpty()) {
      return List.of(pool(configuration));
    }
    return providers.stream()
        .map(provider -> pool(configuration.withWorkerPool(provider.name())))
        .toList();
  }

  private String others(Configuration configuration) {
    String names =
        configuration.router().pools().all().stream()
            .filter(
                pool -> capabilities(pool.name(), configuration).containsAll(pool.capabilities()))
            .map(WorkerPool::name)
            .collect(Collectors.joining(" or "));
    return names.isEmpty() ? "one for that in [[pools]]" : names;
  }

  /** The first part of the names of its keys. */
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
  public void require(String model, Configuration configuration) {
    for (WorkerKind kind : assign(List.of(model), configuration).kinds()) {
      if (kind != this) {
        throw new IllegalArgumentException(
            "--model: %s is a model for %s workers, and this needs one for %s workers"
                .formatted(model, kind.prefix(), prefix()));
      }
    }
  }

  /**
   * The kinds of workers that serve some models.
   *
   * @param kinds those that are needed
   * @param configuration in which they serve these models
   */
  public record Assignment(Set<WorkerKind> kinds, Configuration configuration) {}

  /**
   * Sets which models the kinds of workers serve; kinds that none of them is for keep theirs.
   *
   * @param models ids and paths of folders, of any kind
   * @throws IllegalArgumentException when there is no such model
   */
  public static Assignment assign(List<String> models, Configuration configuration) {
    ModelStore store = configuration.embed().store();
    Map<WorkerKind, List<String>> assigned = new EnumMap<>(WorkerKind.class);
    for (String model : models) {
      try {
        assigned.computeIfAbsent(of(store.kind(model)), kind -> new ArrayList<>()).add(model);
      } catch (ModelLoadException e) {
        throw new IllegalArgumentException("--model: " + e.getMessage(), e);
      }
    }
    Configuration with = configuration;
    for (Map.Entry<WorkerKind, List<String>> own : assigned.entrySet()) {
      with =
          switch (own.getKey()) {
            case EMBED -> with.withEmbed(own.getValue());
            case NLI -> with.withNli(own.getValue());
            case GATEWAY -> with;
          };
    }
    return new Assignment(assigned.keySet(), with);
  }

  /**
   * An engine whose models are being loaded.
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

  /** Begins to load what the workers of a pool infer with. */
  public Loading load(WorkerPool pool, Configuration configuration, MeterRegistry meters) {
    SchemaIds ids = SchemaIds.of(configuration.worker().schemaRegistry());
    return switch (this) {
      case EMBED -> Loading.of(EmbedEngine.start(configuration.embed(), ids));
      case NLI -> Loading.of(NliEngine.start(configuration.nli(), ids));
      case GATEWAY -> new Loading(gateway(pool, configuration, ids, meters), completedFuture(null));
    };
  }

  private static Engine<?> gateway(
      WorkerPool pool, Configuration configuration, SchemaIds ids, MeterRegistry meters) {
    return configuration
        .provider(pool.name())
        .<Engine<?>>map(provider -> GatewayEngine.of(provider, ids, meters))
        .orElseGet(GatewayEngine::withoutProvider);
  }

  /**
   * How a worker takes a pool's work.
   *
   * @param many whether this process has workers in other pools too
   */
  static WorkerConfig config(WorkerPool pool, Configuration configuration, boolean many) {
    WorkerConfig own =
        many
            ? configuration.worker().withPoolOfMany(pool.name())
            : configuration.worker().withPool(pool.name());
    return configuration
        .provider(pool.name())
        .map(provider -> own.withSlots(provider.requestsAtOnce()))
        .orElse(own);
  }

  /**
   * Joins a pool on that Kafka; work is taken when the models are ready.
   *
   * @param config names the pool
   */
  public static Worker start(
      WorkerPool pool, Loading loading, WorkerConfig config, MeterRegistry meters) {
    if (pool.taking() == WorkerPool.Taking.CLAIMED
        && config.queue() == WorkerConfig.QueueChoice.AUTO) {
      // What a provider has been paid for must not be done twice.
      return Worker.start(
          config.withQueue(WorkerConfig.QueueChoice.CLAIMED), loading.engine(), meters);
    }
    return Worker.start(config, loading.engine(), meters);
  }
}
