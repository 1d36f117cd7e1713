package io.ratatoskr.allinone;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an all-in-one consists of.
 *
 * @param dataFolder where the broker and the router keep their data; continued if it exists
 * @param kafkaPort loopback port of the broker, 0 for a free one
 * @param workers the kinds of workers to run, at least one
 * @param settings keys of docs/configuration.md with their values
 */
public record PipelineConfig(
    Path dataFolder, int kafkaPort, Set<WorkerKind> workers, Map<String, String> settings) {

  /** Keeps copies. */
  public PipelineConfig {
    workers = EnumSet.copyOf(workers);
    settings = Map.copyOf(settings);
  }

  /** With the settings' keys alone, since values may be secrets. */
  @Override
  public String toString() {
    return "PipelineConfig[dataFolder=%s, kafkaPort=%d, workers=%s, settings=%s]"
        .formatted(dataFolder, kafkaPort, workers, new TreeSet<>(settings.keySet()));
  }

  /**
   * These models, of any kinds, and nothing else, for one client that bounds what is in flight.
   *
   * @param models ids and paths of folders, at least one
   * @throws IllegalArgumentException when there is no such model
   */
  public static PipelineConfig of(
      Path dataFolder, List<String> models, Map<String, String> settings) {
    Map<String, String> own = new HashMap<>(settings);
    Set<WorkerKind> kinds = WorkerKind.assign(models, own);
    return forOneClient(dataFolder, kinds, own);
  }

  /** These kinds of workers for one client that bounds what is in flight. */
  static PipelineConfig forOneClient(
      Path dataFolder, Set<WorkerKind> workers, Map<String, String> settings) {
    Map<String, String> own = new HashMap<>(settings);
    own.putIfAbsent("router-store", "memory");
    return new PipelineConfig(dataFolder, 0, workers, own);
  }
}
