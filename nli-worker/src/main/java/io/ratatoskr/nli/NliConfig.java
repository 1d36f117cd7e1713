package io.ratatoskr.nli;

import io.ratatoskr.onnx.ModelKind;
import io.ratatoskr.onnxworker.ModelsConfig;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.util.ArrayList;
import java.util.List;

/**
 * Which models a worker judges pairs with, how they are run, and how much one request may ask.
 *
 * @param models which, and how
 * @param maxLabels most labels of one classification
 */
public record NliConfig(ModelsConfig models, int maxLabels) {
  private static final ModelsConfig.Keys KEYS =
      ModelsConfig.Keys.of(ModelKind.NLI, "nli", "NLI", "nli-minilm-l6");

  static final Setting<Integer> MAX_LABELS =
      Setting.integer(
          "nli.max-labels",
          256,
          1,
          Limits.LABELS,
          "Most labels of one classification; each is a pair for every text, and a request with"
              + " more is refused.");

  /** Which models; in the section of all models. */
  public static final Setting<List<String>> MODELS = KEYS.models();

  /** The section of a configuration file. */
  public static final Section SECTION =
      KEYS.section("How NLI models are run.", List.of(MAX_LABELS));

  public NliConfig {
    MAX_LABELS.check(maxLabels);
  }

  /** All keys of its own, in the order of the documentation. */
  public static List<Setting<?>> settings() {
    List<Setting<?>> settings = new ArrayList<>(KEYS.settings());
    settings.add(MAX_LABELS);
    return settings;
  }

  /**
   * The values under {@link #settings()}'s keys and those of all models; others are not looked at.
   *
   * @throws io.ratatoskr.settings.InvalidSettingException naming the key and what it takes
   */
  public static NliConfig of(Values values) {
    return new NliConfig(KEYS.of(values), MAX_LABELS.of(values));
  }

  /** These models, run as suits this machine. */
  public static NliConfig of(String... models) {
    return new NliConfig(KEYS.of(Values.none()).withNames(List.of(models)), MAX_LABELS.fallback());
  }
}
