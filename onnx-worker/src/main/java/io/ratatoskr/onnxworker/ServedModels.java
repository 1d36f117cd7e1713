package io.ratatoskr.onnxworker;

import io.ratatoskr.onnx.InferenceConfig;
import io.ratatoskr.onnx.ModelCache;
import io.ratatoskr.onnx.ModelFiles;
import io.ratatoskr.onnx.ModelKind;
import io.ratatoskr.onnx.ModelLoadException;
import io.ratatoskr.onnx.ModelStore;
import io.ratatoskr.schemas.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which models of one kind a worker serves, and how they are run.
 *
 * @param byId for each model's id its name in {@code store}; at least one
 * @param inference how each is run
 * @param store where they are found
 */
public record ServedModels(Map<String, String> byId, InferenceConfig inference, ModelStore store) {
  private static final InferenceConfig DEFAULTS = InferenceConfig.defaults();

  /** A folder of models. */
  public static final Setting<String> MODELS_DIR =
      Setting.text(
          "models-dir",
          "",
          "a folder",
          folder -> folder.isEmpty() || Files.isDirectory(Path.of(folder)),
          "Each folder in it with a `config.json` is a model, served under the folder's name beside"
              + " those that are named: see [models](models.md).");

  /** The keys that workers of every kind have in common, in the order of the documentation. */
  public static List<Setting<?>> settings() {
    return List.of(MODELS_DIR);
  }

  /**
   * Where models are found under these values.
   *
   * @throws IllegalArgumentException naming the key and what it takes
   */
  public static ModelStore store(Map<String, String> values) {
    String directory = MODELS_DIR.of(values);
    return new ModelStore(ModelCache.standard(), directory.isEmpty() ? null : Path.of(directory));
  }

  public ServedModels {
    byId = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(byId));
    if (byId.isEmpty()) {
      throw new IllegalArgumentException("A worker needs a model at least.");
    }
  }

  /**
   * The keys of one kind of models.
   *
   * @param kind what the models do
   * @param models {@code PREFIX-models}
   * @param callers {@code PREFIX-callers}
   * @param batchTokens {@code PREFIX-batch-tokens}
   */
  public record Keys(
      ModelKind kind,
      Setting<String> models,
      Setting<Integer> callers,
      Setting<Integer> batchTokens) {

    /**
     * The keys under a prefix.
     *
     * @param what what the models are called in the documentation
     * @param usual the model that is served where none is named
     */
    public static Keys of(ModelKind kind, String prefix, String what, String usual) {
      return new Keys(
          kind,
          Setting.text(
              prefix + "-models",
              usual,
              String.join(", ", ModelFiles.builtInIds(kind))
                  + ", a folder in `models-dir`, a path with a `/`; several separated by commas",
              text -> names(text).stream().noneMatch(String::isEmpty),
              "The %s models that are served; all are loaded before work is taken."
                  .formatted(what)),
          Setting.integer(
              prefix + "-callers",
              0,
              0,
              1024,
              "Batches computed at the same time, one core each; 0 stands for one a core."),
          Setting.integer(
              prefix + "-batch-tokens",
              DEFAULTS.batchTokens(),
              1,
              1_000_000,
              "Most tokens of one batch, padding included."));
    }

    /** In the order of the documentation. */
    public List<Setting<?>> settings() {
      return List.of(models, callers, batchTokens);
    }

    /**
     * The models that {@code values} ask for, and those of this kind in {@link #MODELS_DIR}.
     *
     * @throws IllegalArgumentException naming the key and what it takes
     */
    public ServedModels of(Map<String, String> values) {
      int threads = callers.of(values);
      return of(
          names(models.of(values)),
          store(values),
          new InferenceConfig(
              DEFAULTS.device(),
              threads == 0 ? DEFAULTS.callers() : threads,
              DEFAULTS.threads(),
              batchTokens.of(values),
              DEFAULTS.bulkEvery()));
    }

    /** These models, run as suits this machine. */
    public ServedModels of(String... names) {
      return of(List.of(names), ModelStore.standard(), DEFAULTS);
    }

    private ServedModels of(List<String> names, ModelStore store, InferenceConfig inference) {
      Map<String, String> byId = new LinkedHashMap<>();
      for (String name : names) {
        require(name, store);
        String other = byId.putIfAbsent(ModelStore.id(name), name);
        if (other != null) {
          throw new IllegalArgumentException(
              "%s: two models have the id %s: %s and %s"
                  .formatted(models.key(), ModelStore.id(name), other, name));
        }
      }
      try {
        store.ids(kind).forEach(id -> byId.putIfAbsent(id, id));
      } catch (ModelLoadException e) {
        throw new IllegalArgumentException(MODELS_DIR.key() + ": " + e.getMessage(), e);
      }
      return new ServedModels(byId, inference, store);
    }

    private void require(String name, ModelStore store) {
      if (ModelFiles.builtInIds(kind).contains(name)) {
        return;
      }
      if (ModelStore.isPath(name) ? Files.isDirectory(Path.of(name)) : store.has(name)) {
        return;
      }
      throw new IllegalArgumentException(
          models.key() + ": must be of " + models.allowed() + ", is " + name);
    }

    private static List<String> names(String text) {
      return Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    }
  }
}
