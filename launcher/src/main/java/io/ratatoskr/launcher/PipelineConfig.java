package io.ratatoskr.launcher;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an all-in-one consists of.
 *
 * @param dataFolder where the broker and the router keep their data; continued if it exists
 * @param kafkaPort loopback port of the broker, 0 for a free one
 * @param models embedding models to load, at least one
 * @param workers the kinds of workers to run, at least one
 * @param settings keys of docs/configuration.md with their values
 */
record PipelineConfig(
    Path dataFolder,
    int kafkaPort,
    List<String> models,
    Set<WorkerKind> workers,
    Map<String, String> settings) {

  PipelineConfig {
    models = List.copyOf(models);
    workers = EnumSet.copyOf(workers);
    settings = Map.copyOf(settings);
    if (models.isEmpty()) {
      throw new IllegalArgumentException("models: name at least one");
    }
  }

  /** Embeddings by one model, and nothing else, for one client that bounds what is in flight. */
  static PipelineConfig embedding(Path dataFolder, String model, Map<String, String> settings) {
    Map<String, String> own = new HashMap<>(settings);
    own.putIfAbsent("router-store", "memory");
    return new PipelineConfig(dataFolder, 0, List.of(model), EnumSet.of(WorkerKind.EMBED), own);
  }
}
