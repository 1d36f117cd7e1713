package io.ratatoskr.policy;

import io.ratatoskr.policy.name.ModelAliases;
import io.ratatoskr.policy.preset.Presets;
import io.ratatoskr.policy.task.TaskClasses;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Values;
import java.util.List;

/**
 * What the operator says of who may answer: one value, taken as a whole.
 *
 * @param routing who is asked first, and who in whose place
 * @param aliases names that stand for other names of models
 * @param retry how often and when a candidate is asked again
 * @param profiles what is said of models; of those that fit a model the first counts
 * @param classes of tasks, how they are known and what they are given
 * @param presets names of a tier and a slot that stand for models and options
 * @param privacy where data may go at most
 * @param queues who has a work queue of its own
 */
public record PolicyConfig(
    RoutingRules routing,
    ModelAliases aliases,
    RetrySettings retry,
    List<ModelProfile> profiles,
    TaskClasses classes,
    Presets presets,
    Privacy privacy,
    OwnQueues queues) {

  /** The sections of a configuration file, which may also stand alone in a policy's. */
  public static final List<Section> SECTIONS =
      List.of(
          RoutingRules.section(List.of()),
          ModelAliases.SECTION,
          RetrySettings.SECTION,
          Privacy.SECTION,
          ModelProfile.SECTION,
          TaskClasses.SECTION,
          Presets.SECTION,
          OwnQueues.SECTION);

  public PolicyConfig {
    profiles = List.copyOf(profiles);
  }

  /**
   * The policy of a file.
   *
   * @throws io.ratatoskr.settings.InvalidSettingException naming place and key of what is wrong
   */
  public static PolicyConfig of(Values values) {
    return values.locate(() ->
        new PolicyConfig(
            RoutingRules.of(values),
            ModelAliases.of(values),
            RetrySettings.of(values),
            ModelProfile.of(values),
            TaskClasses.of(values),
            Presets.of(values),
            Privacy.of(values),
            OwnQueues.of(values)));
  }
}
