package io.ratatoskr.policy.preset;

import io.ratatoskr.policy.name.ModelAliases;
import io.ratatoskr.policy.name.ModelName;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Spelling;
import io.ratatoskr.settings.Values;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The presets that there are, in their order; each name once. */
public final class Presets {
  /** The section of a configuration file: an entry for each preset. */
  public static final Section SECTION = PresetSettings.SECTION;

  private final Map<String, Preset> byName;

  /** These presets. */
  public Presets(Collection<Preset> presets) {
    byName = new LinkedHashMap<>();
    for (Preset preset : presets) {
      if (byName.putIfAbsent(preset.name(), preset) != null) {
        throw new IllegalArgumentException("preset " + preset.name() + " stands twice");
      }
    }
  }

  /** Those that are built in. */
  public static Presets standard() {
    return of(Values.none());
  }

  /**
   * Those of a file, and the built-in ones that it does not replace.
   *
   * @throws InvalidSettingException naming the key, its place and what it takes
   */
  public static Presets of(Values values) {
    ModelAliases aliases = ModelAliases.of(values);
    return new Presets(
        values.entries(SECTION).stream()
            .map(entry -> PresetSettings.preset(entry, aliases))
            .toList());
  }

  /** All, in their order. */
  public List<Preset> all() {
    return List.copyOf(byName.values());
  }

  /** The preset of that name, whatever it serves. */
  public Optional<Preset> named(String tier, String slot) {
    return Optional.ofNullable(byName.get(tier + "/" + slot));
  }

  /** The preset of that name for a capability. */
  public PresetChoice find(String tier, String slot, Capability capability) {
    Optional<Preset> named = named(tier, slot);
    if (named.isPresent() && named.get().capabilities().contains(capability)) {
      return new PresetChoice.Found(named.get());
    }
    String name = tier + "/" + slot;
    String problem =
        named
            .map(other ->
                "preset '%s' serves %s, not %s"
                    .formatted(name, other.serves(), capability.topicName()))
            .orElseGet(() ->
                "there is no preset '%s'%s"
                    .formatted(
                        name,
                        Spelling.nearest(name, byName.keySet().stream())
                            .map(near -> "; did you mean '" + near + "'?")
                            .orElse("")));
    return missing(tier, problem, capability);
  }

  /** The preset of a name as a request writes it, for a capability. */
  public PresetChoice find(String name, Capability capability) {
    return parse(name)
        .map(parts -> find(parts.tier(), parts.slot(), capability))
        .orElseGet(() ->
            missing(name, "'%s' is no preset: its name is TIER/SLOT".formatted(name), capability));
  }

  private PresetChoice missing(String tier, String problem, Capability capability) {
    List<String> there = names(preset -> preset.capabilities().contains(capability));
    return new PresetChoice.Missing(
        InferenceError.presetNotFound(
            tier,
            capability.topicName(),
            "%s; for %s there are %s"
                .formatted(
                    problem,
                    capability.topicName(),
                    there.isEmpty() ? "none" : String.join(", ", there))));
  }

  private List<String> names(Predicate<Preset> which) {
    List<String> names = new ArrayList<>();
    byName.values().stream().filter(which).map(Preset::name).forEach(names::add);
    return names;
  }

  /**
   * The name of a preset without {@link ModelName#PRESET}, if it begins with that.
   *
   * @return tier and slot, or empty where it is not {@code TIER/SLOT}
   */
  public static Optional<TierAndSlot> parse(String text) {
    String name = text.strip();
    if (name.startsWith(ModelName.PRESET)) {
      name = name.substring(ModelName.PRESET.length());
    }
    String[] parts = name.split("/", -1);
    return parts.length == 2 && !parts[0].isBlank() && !parts[1].isBlank()
        ? Optional.of(new TierAndSlot(parts[0], parts[1]))
        : Optional.empty();
  }

  /** The two parts of a preset's name. */
  public record TierAndSlot(String tier, String slot) {}

  /** A table of all, in Markdown. */
  public String markdown() {
    StringBuilder table = new StringBuilder();
    table.append("| preset | capabilities | models | options |\n|---|---|---|---|\n");
    for (Preset preset : byName.values()) {
      table
          .append("| `")
          .append(preset.name())
          .append("` | ")
          .append(preset.serves())
          .append(" | ")
          .append(preset.choice())
          .append(" | ")
          .append(String.join(", ", preset.writtenOptions()))
          .append(" |\n");
    }
    return table.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Presets presets && all().equals(presets.all());
  }

  @Override
  public int hashCode() {
    return all().hashCode();
  }

  @Override
  public String toString() {
    return byName.keySet().toString();
  }
}
