package io.ratatoskr.policy;

import java.util.List;

/**
 * What people are told about a model beside its id.
 *
 * @param displayName its name for people; empty where there is none
 * @param warnings what its answers are not to be trusted with, such as {@code math}
 */
public record ModelLabel(String displayName, List<String> warnings) {
  /** Nothing to tell. */
  public static final ModelLabel NONE = new ModelLabel("", List.of());

  /** Keeps a copy. */
  public ModelLabel {
    warnings = List.copyOf(warnings);
  }
}
