package io.ratatoskr.policy.preset;

import io.ratatoskr.schemas.InferenceError;

/** What a look for a preset finds. */
public sealed interface PresetChoice {

  /** The preset. */
  record Found(Preset preset) implements PresetChoice {}

  /**
   * None of that name for that capability.
   *
   * @param error {@code PresetNotFound}, which names those that there are
   */
  record Missing(InferenceError error) implements PresetChoice {}
}
