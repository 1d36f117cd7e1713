package io.ratatoskr.allinone;

import io.ratatoskr.schemas.Deployment;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The parts of an all-in-one and their configuration.
 *
 * @param dataFolder where the broker and the router keep their data; continued if it exists
 * @param kafkaPort loopback port of the broker, 0 for a free one
 * @param deployment the topics that are made
 * @param workers the kinds of workers to run, at least one
 * @param configuration of every part; where Kafka is, is set, and workers serve the router's lanes
 */
public record PipelineConfig(
    Path dataFolder,
    int kafkaPort,
    Deployment deployment,
    Set<WorkerKind> workers,
    Configuration configuration) {

  /** Keeps a copy of the kinds. */
  public PipelineConfig {
    workers = EnumSet.copyOf(workers);
  }

  /**
   * These models, of any kinds, and nothing else.
   *
   * @param models ids and paths of folders, at least one
   * @throws IllegalArgumentException when there is no such model
   */
  public static PipelineConfig of(
      Path dataFolder, List<String> models, Configuration configuration) {
    WorkerKind.Assignment assigned = WorkerKind.assign(models, configuration);
    return new PipelineConfig(
        dataFolder, 0, Deployment.allInOne(), assigned.kinds(), assigned.configuration());
  }

  /** This config with other topics. */
  public PipelineConfig withDeployment(Deployment newDeployment) {
    return new PipelineConfig(dataFolder, kafkaPort, newDeployment, workers, configuration);
  }
}
