package io.ratatoskr.nli;

import io.ratatoskr.onnx.ModelKind;
import io.ratatoskr.onnxworker.ServedModels;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which models a worker judges pairs with, how they are run, and how much one request may ask.
 *
 * @param models which, and how
 * @param maxLabels most labels of one classification
 */
public record NliConfig(ServedModels models, int maxLabels) {
  private static final ServedModels.Keys KEYS =
      ServedModels.Keys.of(ModelKind.NLI, "nli", "NLI", "nli-minilm-l6");

  static final Setting<Integer> MAX_LABELS =
      Setting.integer(
          "nli-max-labels",
          256,
          1,
          Limits.LABELS,
          "Most labels of one classification; each is a pair for every text, and a request with"
              + " more is refused.");

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
   * The values under {@link #settings()}'s keys and {@link ServedModels#MODELS_DIR}; others are not
   * looked at.
   *
   * @throws IllegalArgumentException naming the key and what it takes
   */
  public static NliConfig of(Map<String, String> values) {
    return new NliConfig(KEYS.of(values), MAX_LABELS.of(values));
  }

  /** These models, run as suits this machine. */
  public static NliConfig of(String... models) {
    return new NliConfig(KEYS.of(models), MAX_LABELS.fallback());
  }
}
