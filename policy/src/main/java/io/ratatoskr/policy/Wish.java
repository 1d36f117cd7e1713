package io.ratatoskr.policy;

import io.ratatoskr.policy.preset.PresetCriteria;
import io.ratatoskr.policy.task.TaskClass;
import java.util.Optional;

/**
 * Who is wished for: what a request names, or what the policy names in its place.
 *
 * @param model the model; empty for whichever suits best
 * @param pool the pool; empty for any
 * @param task class by which models are compared where none is named
 * @param reason why it is wished for, for people
 * @param group place in the order of wishes, from 0
 * @param criteria what models must be where none is named
 */
record Wish(
    Optional<String> model,
    Optional<String> pool,
    Optional<TaskClass> task,
    String reason,
    int group,
    Optional<PresetCriteria> criteria) {

  /** A wish for whatever model. */
  Wish(
      Optional<String> model,
      Optional<String> pool,
      Optional<TaskClass> task,
      String reason,
      int group) {
    this(model, pool, task, reason, group, Optional.empty());
  }
}
