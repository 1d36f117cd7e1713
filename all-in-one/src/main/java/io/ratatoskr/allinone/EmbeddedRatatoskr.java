package io.ratatoskr.allinone;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.client.ClientConfig;
import io.ratatoskr.client.ForwardingRatatoskr;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.embeddedkafka.EmbeddedKafka;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.worker.Engine;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Everything in this JVM: a Kafka broker, the router, workers and a client of them. Requests
 * survive a restart on the same data folder.
 */
public final class EmbeddedRatatoskr extends ForwardingRatatoskr {
  /** The built-in model in 32-bit floating point, 384 dimensions, 256 tokens. */
  public static final String ALL_MINILM_L6_V2 = "all-minilm-l6-v2";

  /** Its twin in 8-bit integers: smaller and faster, in a vector space of its own. */
  public static final String ALL_MINILM_L6_V2_Q = "all-minilm-l6-v2-q";

  /** The built-in NLI model: 8-bit, 512 tokens; for demonstrations. */
  public static final String NLI_MINILM_L6 = "nli-minilm-l6";

  private static final Configuration DEFAULTS = Configuration.of(Configuration.oneClient());

  private final Pipeline pipeline;
  private final KafkaRatatoskr client;

  private EmbeddedRatatoskr(Pipeline pipeline, KafkaRatatoskr client) {
    this.pipeline = pipeline;
    this.client = client;
  }

  /**
   * Starts with these models and the workers that they need; takes a few seconds.
   *
   * @param dataFolder where the broker keeps its data; made (0700) where absent
   * @param models ids of built-in models, and paths of models' folders, whose names are their ids;
   *     embedding and NLI models in any order, at least one
   * @throws IllegalArgumentException when there is no such model
   */
  public static EmbeddedRatatoskr start(Path dataFolder, String... models)
      throws InterruptedException {
    return start(PipelineConfig.of(dataFolder, List.of(models), DEFAULTS));
  }

  /**
   * Starts with an engine in place of the built-in models.
   *
   * @param dataFolder where the broker keeps its data; made (0700) where absent
   * @param engine serves {@code embed}; its models must be ready; closed with this
   */
  public static EmbeddedRatatoskr start(Path dataFolder, Engine<?> engine)
      throws InterruptedException {
    return connect(
        Pipeline.start(
            new PipelineConfig(
                dataFolder, 0, Deployment.allInOne(), EnumSet.of(WorkerKind.EMBED), DEFAULTS),
            new SimpleMeterRegistry(),
            (kind, pool, configuration, meters) ->
                new WorkerKind.Loading(engine, CompletableFuture.completedFuture(null))),
        DEFAULTS.client());
  }

  /** Starts with the models and the settings of that configuration. */
  public static EmbeddedRatatoskr start(PipelineConfig config) throws InterruptedException {
    return connect(
        Pipeline.start(config, new SimpleMeterRegistry()), config.configuration().client());
  }

  private static EmbeddedRatatoskr connect(Pipeline pipeline, ClientConfig config) {
    try {
      KafkaRatatoskr client =
          KafkaRatatoskr.connect(
              config.withBootstrap(pipeline.bootstrap()).withDomain(Domain.DEFAULT));
      pipeline.trimAsConfirmed(client::confirmed);
      return new EmbeddedRatatoskr(pipeline, client);
    } catch (RuntimeException e) {
      pipeline.close();
      throw e;
    }
  }

  /** {@code host:port} of the broker, for further clients and workers on this machine. */
  public String bootstrap() {
    return pipeline.bootstrap();
  }

  /** The broker, whose disk and end may be watched. */
  public EmbeddedKafka kafka() {
    return pipeline.kafka();
  }

  /** How each part is now. */
  public Health health() {
    return pipeline.health();
  }

  @Override
  protected Ratatoskr delegate() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    pipeline.close();
  }
}
