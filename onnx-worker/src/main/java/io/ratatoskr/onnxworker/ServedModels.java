package io.ratatoskr.onnxworker;

import io.ratatoskr.onnx.InferenceConfig;
import io.ratatoskr.onnx.ModelStore;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Which models of one kind a worker serves, and how they are run.
 *
 * @param byId for each model's id its name in {@code store}; at least one
 * @param inferences for each model's id how it is run
 * @param store where they are found
 */
public record ServedModels(
    Map<String, String> byId, Map<String, InferenceConfig> inferences, ModelStore store) {
  public ServedModels {
    byId = Collections.unmodifiableMap(new LinkedHashMap<>(byId));
    inferences = Map.copyOf(inferences);
    if (byId.isEmpty()) {
      throw new IllegalArgumentException("A worker needs a model at least.");
    }
    if (!inferences.keySet().equals(byId.keySet())) {
      throw new IllegalArgumentException("How each of %s is run must be said.".formatted(byId));
    }
  }

  /** How a model is run. */
  public InferenceConfig inference(String id) {
    return Objects.requireNonNull(inferences.get(id), id);
  }
}
