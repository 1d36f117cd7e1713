package io.ratatoskr.policy;

import io.ratatoskr.policy.name.ModelName;
import io.ratatoskr.policy.name.ModelServers;
import io.ratatoskr.policy.name.ModelTarget;
import io.ratatoskr.policy.preset.Preset;
import io.ratatoskr.policy.preset.PresetChoice;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.chat.ChatOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the model or the preset that a request names comes to, by the policy's aliases and presets
 * and by who serves what.
 */
record Naming(PolicyConfig config, ModelServers servers) {

  /** What a name comes to. */
  sealed interface Meaning {
    /** Those that are wished for. */
    record Named(Wanted wanted) implements Meaning {}

    /** Whatever suits best. */
    record Any() implements Meaning {}

    /** Nothing. */
    record None(InferenceError error) implements Meaning {}
  }

  Meaning of(Ask ask) {
    RequestHead head = ask.head();
    if (!head.preset().isEmpty()) {
      return preset(config.presets().find(head.preset(), ask.capability()));
    }
    return ask.capability().runsModel()
        ? target(new ModelName(head.model()), ask)
        : named(head.model(), List.of(wish(head.model(), Optional.empty(), "asked for", 0)), "");
  }

  private Meaning target(ModelName name, Ask ask) {
    ModelTarget target = name.resolve(config.aliases(), servers);
    return switch (target) {
      case ModelTarget.Exact exact -> {
        boolean plain = exact.model().equals(name.text());
        yield named(
            exact.model(),
            wishes(exact, plain ? "asked for" : exact.reason(), 0),
            plain ? "" : exact.reason());
      }
      case ModelTarget.AtPools at -> named(at.model(), wishes(at, at.reason(), 0), at.reason());
      case ModelTarget.AtPreset preset ->
          preset(config.presets().find(preset.tier(), preset.slot(), ask.capability()));
      case ModelTarget.Auto auto -> new Meaning.Any();
      case ModelTarget.Nothing nothing -> new Meaning.None(nothing.error());
    };
  }

  private static Meaning named(String model, List<Wish> wishes, String reason) {
    String text = "the model " + model + (reason.isEmpty() ? "" : ": " + reason);
    return new Meaning.Named(new Wanted(model, Optional.empty(), wishes, text, null));
  }

  private Meaning preset(PresetChoice choice) {
    return switch (choice) {
      case PresetChoice.Missing missing -> new Meaning.None(missing.error());
      case PresetChoice.Found found -> new Meaning.Named(wanted(found.preset()));
    };
  }

  private Wanted wanted(Preset preset) {
    String text = "the preset %s: %s".formatted(preset.name(), preset.choice());
    String reason = "preset " + preset.name();
    ChatOptions options = preset.options().parameters().isEmpty() ? null : preset.options();
    if (preset.models().isEmpty()) {
      Wish any =
          new Wish(
              Optional.empty(),
              Optional.empty(),
              Optional.of(preset.criteria().taskClass()),
              reason,
              0,
              Optional.of(preset.criteria()));
      return new Wanted(
          "", Optional.of(preset.criteria().taskClass()), List.of(any), text, options);
    }
    List<Wish> wishes = new ArrayList<>();
    for (ModelTarget target : preset.targets(config.aliases(), servers)) {
      wishes.addAll(wishes(target, reason, wishes.size()));
    }
    String first = wishes.getFirst().model().orElse("");
    return new Wanted(first, Optional.empty(), wishes, text, options);
  }

  private static List<Wish> wishes(ModelTarget target, String reason, int group) {
    return switch (target) {
      case ModelTarget.Exact exact -> List.of(wish(exact.model(), Optional.empty(), reason, group));
      case ModelTarget.AtPools at ->
          at.pools().stream()
              .map(pool -> wish(at.model(), Optional.of(pool), reason, group))
              .toList();
      case ModelTarget.AtPreset preset -> throw indirect(target);
      case ModelTarget.Auto auto -> throw indirect(target);
      case ModelTarget.Nothing nothing -> throw indirect(target);
    };
  }

  /** Presets whose models are no models are refused when they are read. */
  private static IllegalStateException indirect(ModelTarget target) {
    return new IllegalStateException("a model of a preset is none: " + target);
  }

  private static Wish wish(String model, Optional<String> pool, String reason, int group) {
    return new Wish(Optional.of(model), pool, Optional.empty(), reason, group);
  }
}
