package io.ratatoskr.embed;

import io.ratatoskr.onnx.Device;
import io.ratatoskr.onnx.InferenceConfig;
import io.ratatoskr.onnx.ModelCache;
import io.ratatoskr.onnx.ModelFiles;
import io.ratatoskr.schemas.Setting;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Which models a worker embeds with, and how they are run.
 *
 * @param models ids of built-in models, at least one, each once
 * @param inference how each is run
 * @param cache where models out of jars are kept
 */
public record EmbedConfig(List<String> models, InferenceConfig inference, ModelCache cache) {
  private static final InferenceConfig DEFAULTS = InferenceConfig.defaults(new Device.Cpu());

  static final Setting<String> MODELS =
      Setting.text(
          "embed-models",
          "all-minilm-l6-v2",
          String.join(", ", ModelFiles.builtInIds()) + "; several separated by commas",
          text -> known(list(text)),
          "The embedding models that are served; all are loaded before work is taken.");
  static final Setting<Integer> CALLERS =
      Setting.integer(
          "embed-callers",
          0,
          0,
          1024,
          "Batches computed at the same time, one core each; 0 stands for one a core.");
  static final Setting<Integer> BATCH_TOKENS =
      Setting.integer(
          "embed-batch-tokens",
          DEFAULTS.batchTokens(),
          1,
          1_000_000,
          "Most tokens of one batch, padding included.");

  public EmbedConfig {
    models = List.copyOf(models);
    if (!known(models)) {
      throw new IllegalArgumentException(
          MODELS.key() + ": must be of " + MODELS.allowed() + ", are " + models);
    }
  }

  private static boolean known(List<String> models) {
    return !models.isEmpty()
        && new HashSet<>(models).size() == models.size()
        && ModelFiles.builtInIds().containsAll(models);
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).toList();
  }

  /** All keys, in the order of the documentation. */
  public static List<Setting<?>> settings() {
    return List.of(MODELS, CALLERS, BATCH_TOKENS);
  }

  /**
   * The values under {@link #settings()}'s keys; others are not looked at.
   *
   * @throws IllegalArgumentException naming the key and what it takes
   */
  public static EmbedConfig of(Map<String, String> values) {
    int callers = CALLERS.of(values);
    return new EmbedConfig(
        list(MODELS.of(values)),
        new InferenceConfig(
            DEFAULTS.device(),
            callers == 0 ? DEFAULTS.callers() : callers,
            DEFAULTS.threads(),
            BATCH_TOKENS.of(values),
            DEFAULTS.bulkEvery()),
        ModelCache.standard());
  }

  /** These models, run as suits this machine. */
  public static EmbedConfig of(String... models) {
    return new EmbedConfig(List.of(models), DEFAULTS, ModelCache.standard());
  }
}
