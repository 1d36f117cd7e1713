package io.ratatoskr.launcher.ask;

import io.ratatoskr.launcher.command.Columns;
import io.ratatoskr.policy.name.ModelName;
import io.ratatoskr.policy.preset.Preset;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.chat.ChatOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Presets for people and for programs. */
final class PresetTable {
  private static final String NONE = "-";

  private PresetTable() {}

  /** A line for each preset, in columns. */
  static String of(List<Preset> presets) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("PRESET", "CAPABILITY", "MODELS", "OPTIONS"));
    presets.forEach(preset ->
        rows.add(List.of(preset.name(), preset.serves(), preset.choice(), options(preset))));
    return Columns.of(rows);
  }

  /** A line for each thing that is known of a preset. */
  static String of(Preset preset) {
    return Columns.of(
        List.of(
            List.of("name:", ModelName.PRESET + preset.name()),
            List.of("capabilities:", preset.serves()),
            List.of("models:", preset.choice()),
            List.of("options:", options(preset))));
  }

  private static String options(Preset preset) {
    List<String> texts = preset.writtenOptions();
    return texts.isEmpty() ? NONE : String.join(" ", texts);
  }

  /** The same as JSON. */
  static ObjectNode json(Preset preset) {
    ObjectNode row = JsonMapper.shared().createObjectNode();
    row.put("preset", preset.name()).put("tier", preset.tier()).put("slot", preset.slot());
    ArrayNode capabilities = row.putArray("capabilities");
    preset.capabilities().stream().sorted().map(Capability::topicName).forEach(capabilities::add);
    ArrayNode models = row.putArray("models");
    preset.models().forEach(model -> models.add(model.text()));
    row.put("cost_tier", preset.criteria().costTier().name().toLowerCase(Locale.ROOT))
        .put("task_class", preset.criteria().taskClass().className())
        .put("tools", preset.criteria().tools());
    row.set("options", json(preset.options()));
    return row;
  }

  /** The options that a preset can set, by their names in requests. */
  private static ObjectNode json(ChatOptions options) {
    ObjectNode set = JsonMapper.shared().createObjectNode();
    options.temperature().ifPresent(value -> set.put("temperature", value));
    options.topP().ifPresent(value -> set.put("top_p", value));
    options.topK().ifPresent(value -> set.put("top_k", value));
    options.maxTokens().ifPresent(value -> set.put("max_tokens", value));
    options.frequencyPenalty().ifPresent(value -> set.put("frequency_penalty", value));
    options.presencePenalty().ifPresent(value -> set.put("presence_penalty", value));
    options.seed().ifPresent(value -> set.put("seed", value));
    if (!options.stop().isEmpty()) {
      ArrayNode stop = set.putArray("stop");
      options.stop().forEach(stop::add);
    }
    options
        .reasoning()
        .flatMap(reasoning -> reasoning.effort())
        .ifPresent(effort -> set.put("reasoning_effort", effort.name().toLowerCase(Locale.ROOT)));
    return set;
  }
}
