package io.ratatoskr.launcher;

import io.micrometer.core.instrument.MeterRegistry;
import io.ratatoskr.embed.EmbedConfig;
import io.ratatoskr.embed.EmbedEngine;
import io.ratatoskr.gateway.GatewayEngine;
import io.ratatoskr.nli.NliEngine;
import io.ratatoskr.worker.Engine;
import io.ratatoskr.worker.Worker;
import io.ratatoskr.worker.WorkerConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The kinds of workers; each serves the pool of its name. */
enum WorkerKind {
  EMBED("embed"),
  NLI("nli"),
  GATEWAY("chat");

  private final String pool;

  WorkerKind(String pool) {
    this.pool = pool;
  }

  String pool() {
    return pool;
  }

  /**
   * What a worker infers with.
   *
   * @param engine to be closed after the worker
   * @param loaded completes when its models are ready; fails with the reason why they never will
   */
  record Loading(Engine<?> engine, CompletableFuture<Void> loaded) implements AutoCloseable {

    boolean ready() {
      return loaded.isDone() && !loaded.isCompletedExceptionally();
    }

    String state() {
      if (!loaded.isDone()) {
        return "loading";
      }
      return loaded.isCompletedExceptionally()
          ? "failed: " + Failure.describe(loaded.exceptionNow())
          : "ready";
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  /** Begins to load what the worker infers with. */
  Loading load(Map<String, String> values) {
    return switch (this) {
      case EMBED -> {
        EmbedEngine engine =
            EmbedEngine.start(EmbedConfig.of(Settings.of(EmbedConfig.settings(), values)));
        yield new Loading(engine, engine.loaded());
      }
      case NLI -> new Loading(NliEngine.create(), CompletableFuture.completedFuture(null));
      case GATEWAY -> new Loading(GatewayEngine.create(), CompletableFuture.completedFuture(null));
    };
  }

  /** Joins the pool on that Kafka; work is taken when the models are ready. */
  Worker start(
      String bootstrap, Loading loading, Map<String, String> values, MeterRegistry meters) {
    Map<String, String> own = new HashMap<>(Settings.of(WorkerConfig.settings(), values));
    own.put("bootstrap", bootstrap);
    own.put("worker-pool", pool);
    if (this == GATEWAY) {
      // What a provider has been paid for must not be done twice.
      own.putIfAbsent("worker-queue", "claimed");
    }
    return Worker.start(WorkerConfig.of(own), loading.engine(), meters);
  }
}
