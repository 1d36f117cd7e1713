package io.ratatoskr.embed;

import io.micrometer.core.instrument.MeterRegistry;
import io.ratatoskr.worker.Worker;
import io.ratatoskr.worker.WorkerConfig;
import io.ratatoskr.worker.WorkerStartException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A worker that embeds: a {@link Worker} over an {@link EmbedEngine}. */
public final class EmbedWorker implements AutoCloseable {
  /** Pool of the embedding workers, unless configured otherwise. */
  public static final String POOL = "embed";

  private final EmbedEngine engine;
  private final Worker worker;

  private EmbedWorker(EmbedEngine engine, Worker worker) {
    this.engine = engine;
    this.worker = worker;
  }

  /**
   * Starts to load the models and joins the pool; work is taken when they are {@link #loaded()}.
   *
   * @throws WorkerStartException if Kafka is not as it must be
   */
  public static EmbedWorker start(WorkerConfig config, EmbedConfig embed, MeterRegistry registry) {
    EmbedEngine engine = EmbedEngine.start(embed);
    try {
      return new EmbedWorker(engine, Worker.start(config, engine, registry));
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  /** Completes when all models are ready; fails with the reason when one cannot be loaded. */
  public CompletableFuture<Void> loaded() {
    return engine.loaded();
  }

  /** The id under which it stands in the catalog and in answers. */
  public String id() {
    return worker.id();
  }

  /** {@link Worker#close()}, and frees the models. */
  @Override
  public void close() {
    worker.close();
    engine.close();
  }

  /** {@link Worker#close(Duration)}, and frees the models. */
  public void close(Duration drain) {
    worker.close(drain);
    engine.close();
  }
}
