package io.ratatoskr.policy.name;

import io.ratatoskr.schemas.InferenceError;
import java.util.List;

/** What the name of a model stands for. */
public sealed interface ModelTarget {

  /** By which rows of the table, for people. */
  String reason();

  /**
   * A model, at whichever pool serves it, or takes any model.
   *
   * @param model its id
   */
  record Exact(String model, String reason) implements ModelTarget {}

  /**
   * A model at certain pools and no others.
   *
   * @param pools their names, in the order in which they are asked; at least one
   * @param model its id there
   */
  record AtPools(List<String> pools, String model, String reason) implements ModelTarget {
    public AtPools {
      pools = List.copyOf(pools);
      if (pools.isEmpty()) {
        throw new IllegalArgumentException("pools: name at least one");
      }
    }
  }

  /** What a preset stands for; whether there is such a one is not looked at. */
  record AtPreset(String tier, String slot, String reason) implements ModelTarget {}

  /** The model that the policy chooses for the request. */
  record Auto(String reason) implements ModelTarget {}

  /**
   * Nothing.
   *
   * @param error why, and what to name instead
   */
  record Nothing(InferenceError error) implements ModelTarget {
    @Override
    public String reason() {
      return error.message();
    }
  }
}
