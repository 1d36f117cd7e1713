package io.ratatoskr.onnxworker;

import io.ratatoskr.onnx.Device;
import io.ratatoskr.onnx.InferenceConfig;
import io.ratatoskr.onnx.ModelCache;
import io.ratatoskr.onnx.ModelFiles;
import io.ratatoskr.onnx.ModelKind;
import io.ratatoskr.onnx.ModelLoadException;
import io.ratatoskr.onnx.ModelStore;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which models of one kind a worker shall serve, and how they are run.
 *
 * @param keys of the kind
 * @param names ids, and paths of folders
 * @param directory each folder in it with a config.json is a model too
 * @param callers batches computed at the same time; 0 for what suits the device
 * @param batchTokens most tokens of one batch; 0 for what suits the device
 * @param device where models run
 * @param devices where single models run, by their ids
 */
public record ModelsConfig(
    Keys keys,
    List<String> names,
    Optional<Path> directory,
    int callers,
    int batchTokens,
    DeviceChoice device,
    Map<String, DeviceChoice> devices) {

  /** A folder of models. */
  public static final Setting<String> DIR =
      Setting.text(
          "models.dir",
          "",
          "a folder",
          folder -> folder.isEmpty() || Files.isDirectory(Path.of(folder)),
          "Each folder in it with a `config.json` is a model, served under the folder's name beside"
              + " those that are named: see [models](models.md).");

  /** Where models run. */
  public static final Setting<DeviceChoice> DEVICE =
      Setting.scalar(
          "models.device",
          new DeviceChoice(Optional.of(new Device.Cpu())),
          DeviceChoice.ALLOWED,
          DeviceChoice::of,
          "Where models run. `auto` is the first GPU where one can be used, else the CPU; the log"
              + " says which it took.");

  static final Setting<Map<String, DeviceChoice>> DEVICES =
      Setting.table(
          "models.devices",
          List.of(),
          DeviceChoice.ALLOWED,
          (id, text) -> DeviceChoice.of(text),
          "Where single models run, by their ids: `devices.all-minilm-l6-v2 = \"cuda:1\"`. Wins"
              + " over `device` in its `model.toml`, which wins over `models.device`.");

  /** The keys that workers of every kind have in common, in the order of the documentation. */
  public static List<Setting<?>> common() {
    return List.of(DIR, DEVICE, DEVICES);
  }

  /**
   * The keys of one kind of models.
   *
   * @param kind what the models do
   * @param models {@code models.NAME}
   * @param callers {@code NAME.callers}
   * @param batchTokens {@code NAME.batch-tokens}
   */
  public record Keys(
      ModelKind kind,
      Setting<List<String>> models,
      Setting<Integer> callers,
      Setting<Integer> batchTokens) {

    /**
     * The keys of that name.
     *
     * @param what what the models are called in the documentation
     * @param usual the model that is served where none is named
     */
    public static Keys of(ModelKind kind, String name, String what, String usual) {
      return new Keys(
          kind,
          Setting.list(
              "models." + name,
              List.of(usual),
              String.join(", ", ModelFiles.builtInIds(kind))
                  + ", a folder in `models.dir`, a path with a `/`",
              text -> !text.isBlank(),
              "The %s models that are served; all are loaded before work is taken."
                  .formatted(what)),
          Setting.integer(
              name + ".callers",
              0,
              0,
              1024,
              "Batches computed at the same time; 0 stands for one a core, or two on a GPU."),
          Setting.integer(
              name + ".batch-tokens",
              0,
              0,
              1_000_000,
              "Most tokens of one batch, padding included; 0 stands for %d, or %d on a GPU."
                  .formatted(
                      InferenceConfig.defaults().batchTokens(),
                      InferenceConfig.defaults(new Device.Cuda(0)).batchTokens())));
    }

    /** The section of a configuration file that has these keys. */
    public Section section(String doc, List<Setting<?>> more) {
      List<Setting<?>> all = new java.util.ArrayList<>(List.of(callers, batchTokens));
      all.addAll(more);
      return new Section(callers.section(), doc, all);
    }

    /** In the order of the documentation. */
    public List<Setting<?>> settings() {
      return List.of(models, callers, batchTokens);
    }

    /**
     * The configuration that {@code values} ask for.
     *
     * @throws InvalidSettingException naming the key and what it takes
     */
    public ModelsConfig of(Values values) {
      String folder = DIR.of(values);
      return new ModelsConfig(
          this,
          models.of(values),
          folder.isEmpty() ? Optional.empty() : Optional.of(Path.of(folder)),
          callers.of(values),
          batchTokens.of(values),
          DEVICE.of(values),
          DEVICES.of(values));
    }
  }

  public ModelsConfig {
    keys.models().check(names);
    keys.callers().check(callers);
    keys.batchTokens().check(batchTokens);
    names = List.copyOf(names);
    devices = Map.copyOf(devices);
  }

  /** This config with these models, ids and paths of folders, instead. */
  public ModelsConfig withNames(List<String> newNames) {
    return new ModelsConfig(keys, newNames, directory, callers, batchTokens, device, devices);
  }

  /** Where its models are found. */
  public ModelStore store() {
    return new ModelStore(ModelCache.standard(), directory.orElse(null));
  }

  /**
   * The models that it names, and those of its kind in its folder.
   *
   * @throws InvalidSettingException naming the key, where there is no such model
   */
  public ServedModels served() {
    ModelStore store = store();
    Map<String, String> byId = new LinkedHashMap<>();
    for (String name : names) {
      require(name, store);
      String other = byId.putIfAbsent(ModelStore.id(name), name);
      if (other != null) {
        throw new InvalidSettingException(
            keys.models().key(),
            "two models have the id %s: %s and %s".formatted(ModelStore.id(name), other, name));
      }
    }
    try {
      store.ids(keys.kind()).forEach(id -> byId.putIfAbsent(id, id));
    } catch (ModelLoadException e) {
      throw new InvalidSettingException(DIR.key(), String.valueOf(e.getMessage()));
    }
    Map<String, InferenceConfig> inferences = new LinkedHashMap<>();
    byId.forEach((id, name) -> inferences.put(id, inference(store, id, name)));
    return new ServedModels(byId, inferences, store);
  }

  private InferenceConfig inference(ModelStore store, String id, String name) {
    InferenceConfig usual = InferenceConfig.defaults(device(store, id, name));
    return new InferenceConfig(
        usual.device(),
        callers == 0 ? usual.callers() : callers,
        usual.threads(),
        batchTokens == 0 ? usual.batchTokens() : batchTokens);
  }

  /** The model's own file says it better than what is said of all, and not than its own key. */
  private Device device(ModelStore store, String id, String name) {
    DeviceChoice named = devices.get(id);
    if (named != null) {
      return named.device();
    }
    try {
      return store.device(name).orElseGet(device::device);
    } catch (ModelLoadException e) {
      throw new InvalidSettingException(keys.models().key(), String.valueOf(e.getMessage()));
    }
  }

  private void require(String name, ModelStore store) {
    if (ModelFiles.builtInIds(keys.kind()).contains(name)) {
      return;
    }
    if (ModelStore.isPath(name) ? Files.isDirectory(Path.of(name)) : store.has(name)) {
      return;
    }
    throw new InvalidSettingException(
        keys.models().key(), "must be of " + keys.models().allowed() + ", is " + name);
  }
}
