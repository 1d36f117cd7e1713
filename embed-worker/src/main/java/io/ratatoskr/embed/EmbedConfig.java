package io.ratatoskr.embed;

import io.ratatoskr.onnx.ModelKind;
import io.ratatoskr.onnxworker.ServedModels;
import io.ratatoskr.schemas.Setting;
import java.util.List;
import java.util.Map;

/** Which models a worker embeds with, and how they are run. */
public final class EmbedConfig {
  private static final ServedModels.Keys KEYS =
      ServedModels.Keys.of(ModelKind.EMBEDDING, "embed", "embedding", "all-minilm-l6-v2");

  private EmbedConfig() {}

  /** All keys of its own, in the order of the documentation. */
  public static List<Setting<?>> settings() {
    return KEYS.settings();
  }

  /**
   * The values under {@link #settings()}'s keys and {@link ServedModels#MODELS_DIR}; others are not
   * looked at.
   *
   * @throws IllegalArgumentException naming the key and what it takes
   */
  public static ServedModels of(Map<String, String> values) {
    return KEYS.of(values);
  }

  /** These models, run as suits this machine. */
  public static ServedModels of(String... models) {
    return KEYS.of(models);
  }
}
