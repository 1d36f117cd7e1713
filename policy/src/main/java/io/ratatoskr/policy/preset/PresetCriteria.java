package io.ratatoskr.policy.preset;

import io.ratatoskr.policy.task.TaskClass;

/**
 * What the models of a preset that names none must be.
 *
 * @param costTier the dearest that they may be
 * @param taskClass what they should be strong in
 * @param tools whether they must take tools
 */
public record PresetCriteria(CostTier costTier, TaskClass taskClass, boolean tools) {

  /**
   * Whether a model may be chosen.
   *
   * @param cost what it costs
   * @param takesTools whether it takes tools
   */
  public boolean admits(CostTier cost, boolean takesTools) {
    return cost.compareTo(costTier) <= 0 && (takesTools || !tools);
  }
}
