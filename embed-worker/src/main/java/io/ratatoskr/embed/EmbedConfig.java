package io.ratatoskr.embed;

import io.ratatoskr.onnx.ModelKind;
import io.ratatoskr.onnxworker.ModelsConfig;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.util.List;

/** Which models a worker embeds with, and how they are run. */
public final class EmbedConfig {
  private static final ModelsConfig.Keys KEYS =
      ModelsConfig.Keys.of(ModelKind.EMBEDDING, "embed", "embedding", "all-minilm-l6-v2");

  /** Which models; in the section of all models. */
  public static final Setting<List<String>> MODELS = KEYS.models();

  /** The section of a configuration file. */
  public static final Section SECTION = KEYS.section("How embedding models are run.", List.of());

  private EmbedConfig() {}

  /** All keys of its own, in the order of the documentation. */
  public static List<Setting<?>> settings() {
    return KEYS.settings();
  }

  /**
   * The values under {@link #settings()}'s keys and those of all models; others are not looked at.
   *
   * @throws io.ratatoskr.settings.InvalidSettingException naming the key and what it takes
   */
  public static ModelsConfig of(Values values) {
    return KEYS.of(values);
  }

  /** These models, run as suits this machine. */
  public static ModelsConfig of(String... models) {
    return KEYS.of(Values.none()).withNames(List.of(models));
  }
}
