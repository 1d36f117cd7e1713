package io.ratatoskr.policy.preset;

import io.ratatoskr.policy.name.ModelAliases;
import io.ratatoskr.policy.name.ModelName;
import io.ratatoskr.policy.name.ModelServers;
import io.ratatoskr.policy.name.ModelTarget;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.chat.ChatOptions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Models and options under the name of a tier and a slot.
 *
 * @param tier what it may cost, such as {@code free}
 * @param slot what it is for, such as {@code coding}
 * @param capabilities what it can be asked for; at least one
 * @param models names of models, the first that can answer is asked; where empty the policy chooses
 *     by the criteria
 * @param criteria what the models must be where none is named
 * @param options what counts where a request leaves an option out
 */
public record Preset(
    String tier,
    String slot,
    Set<Capability> capabilities,
    List<ModelName> models,
    PresetCriteria criteria,
    ChatOptions options) {
  public Preset {
    capabilities = Set.copyOf(capabilities);
    models = List.copyOf(models);
    if (capabilities.isEmpty()) {
      throw new IllegalArgumentException("a preset that serves nothing");
    }
  }

  /** Its name, {@code TIER/SLOT}. */
  public String name() {
    return tier + "/" + slot;
  }

  /** What its models stand for, in their order; empty where the policy chooses by the criteria. */
  public List<ModelTarget> targets(ModelAliases aliases, ModelServers servers) {
    return models.stream().map(model -> model.resolve(aliases, servers)).toList();
  }

  /** Its capabilities by their names in topics, as people read them. */
  public String serves() {
    return capabilities.stream()
        .sorted(Comparator.naturalOrder())
        .map(Capability::topicName)
        .collect(Collectors.joining(", "));
  }

  /** Which models answer, for people. */
  public String choice() {
    return models.isEmpty()
        ? "up to %s, good at %s%s"
            .formatted(
                PresetSettings.name(criteria.costTier()),
                criteria.taskClass().className(),
                criteria.tools() ? ", with tools" : "")
        : models.stream().map(ModelName::text).collect(Collectors.joining(", "));
  }

  /** The options that are set, as a request names them, each as {@code name=value}. */
  public List<String> writtenOptions() {
    return PresetSettings.written(options);
  }
}
