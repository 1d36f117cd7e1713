package io.ratatoskr.policy;

import io.ratatoskr.policy.preset.CostTier;
import io.ratatoskr.policy.task.TaskClass;
import io.ratatoskr.settings.RawValue;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the operator says of models: what they are good at, what they can do, what they cost.
 *
 * @param model id of the model, in which {@code *} stands for any text
 * @param label what people are told
 * @param strengths classes that it is good at
 * @param weaknesses classes that it is bad at
 * @param context tokens that it takes, its answer included; 0 for what its worker says
 * @param tools whether it can call tools
 * @param jsonSchema whether its answers follow a JSON schema
 * @param streaming whether it can answer in parts
 * @param licence how free it is to use, from 1, free, to 4, closed; 0 where nothing is said
 * @param cost what its answers cost; empty for what its worker's price says
 */
public record ModelProfile(
    String model,
    ModelLabel label,
    Set<TaskClass> strengths,
    Set<TaskClass> weaknesses,
    int context,
    Ability tools,
    Ability jsonSchema,
    Ability streaming,
    int licence,
    Optional<CostTier> cost) {

  /** Whether a model can do something. */
  public enum Ability {
    /** Nobody says; it is asked. */
    UNKNOWN,
    /** It can. */
    YES,
    /** It cannot, and is not asked. */
    NO
  }

  private static final String TIERS =
      Arrays.stream(CostTier.values())
          .map(tier -> tier.name().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(", "));
  private static final List<String> WARNINGS = List.of("math", "code", "external", "high-stakes");

  static final Setting<String> MODEL =
      Setting.text(
          "profiles.model",
          "",
          "an id, with * for any text",
          text -> !text.isBlank(),
          "The model, as requests name it; of several profiles that fit, the first counts.");
  private static final Setting<String> DISPLAY_NAME =
      Setting.text("profiles.display-name", "", "any text", text -> true, "Its name for people.");
  private static final Setting<List<String>> STRENGTHS =
      classes("profiles.strengths", "Classes of tasks that it is good at.");
  private static final Setting<List<String>> WEAKNESSES =
      classes("profiles.weaknesses", "Classes of tasks that it is bad at.");
  private static final Setting<Integer> CONTEXT =
      Setting.integer(
          "profiles.context",
          0,
          0,
          Integer.MAX_VALUE,
          "Tokens that it takes, its answer included; 0 for what its worker says.");
  private static final Setting<Ability> TOOLS =
      Setting.choice(
          "profiles.tools",
          Ability.UNKNOWN,
          "Whether it can call tools. With `no` it is not asked where a request has some.");
  private static final Setting<Ability> JSON_SCHEMA =
      Setting.choice(
          "profiles.json-schema",
          Ability.UNKNOWN,
          "The same of answers that follow a JSON schema.");
  private static final Setting<Ability> STREAMING =
      Setting.choice("profiles.streaming", Ability.UNKNOWN, "The same of answers in parts.");
  private static final Setting<Integer> LICENCE =
      Setting.integer(
          "profiles.licence",
          0,
          0,
          4,
          "How free it is to use, from 1, free, to 4, closed; of equally good ones the freer is"
              + " asked. 0 says nothing.");
  private static final Setting<String> COST =
      Setting.text(
          "profiles.cost",
          "",
          TIERS + ", or empty",
          name -> name.isEmpty() || tier(name).isPresent(),
          "What its answers cost, for presets and where cost decides; empty for what its worker's"
              + " price says.");
  private static final Setting<List<String>> WARNS =
      Setting.list(
          "profiles.warnings",
          List.of(),
          String.join(", ", WARNINGS),
          WARNINGS::contains,
          "What its answers are not to be trusted with; people are told.");

  /** The section of a configuration file: an entry for each profile. */
  public static final Section SECTION =
      new Section(
          "profiles",
          "What is said of models for [routing](routing.md): what they are good at, what they can"
              + " do and what they cost. A model without one is taken for average.",
          List.of(
              MODEL,
              DISPLAY_NAME,
              STRENGTHS,
              WEAKNESSES,
              CONTEXT,
              TOOLS,
              JSON_SCHEMA,
              STREAMING,
              LICENCE,
              COST,
              WARNS),
          new Section.Repetition(
              List.of(),
              Map.of(
                  MODEL.key(),
                  new RawValue.Text("qwen2.5-coder:*"),
                  STRENGTHS.key(),
                  new RawValue.Many(List.of("code-generation")),
                  WARNS.key(),
                  new RawValue.Many(List.of("math")))));

  /** Of a model of which nobody says anything. */
  static final ModelProfile AVERAGE =
      new ModelProfile(
          "*",
          ModelLabel.NONE,
          Set.of(),
          Set.of(),
          0,
          Ability.UNKNOWN,
          Ability.UNKNOWN,
          Ability.UNKNOWN,
          0,
          Optional.empty());

  public ModelProfile {
    strengths = Set.copyOf(strengths);
    weaknesses = Set.copyOf(weaknesses);
  }

  private static Setting<List<String>> classes(String key, String doc) {
    return Setting.list(
        key,
        List.of(),
        TaskClass.classNames(),
        name -> TaskClass.ofClassName(name).isPresent(),
        doc);
  }

  private static Optional<CostTier> tier(String name) {
    return Arrays.stream(CostTier.values())
        .filter(tier -> tier.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst();
  }

  static List<ModelProfile> of(Values values) {
    return values.entries(SECTION).stream().map(entry -> entry.locate(() -> one(entry))).toList();
  }

  private static ModelProfile one(Values entry) {
    return new ModelProfile(
        MODEL.of(entry),
        new ModelLabel(DISPLAY_NAME.of(entry), WARNS.of(entry)),
        named(STRENGTHS.of(entry)),
        named(WEAKNESSES.of(entry)),
        CONTEXT.of(entry),
        TOOLS.of(entry),
        JSON_SCHEMA.of(entry),
        STREAMING.of(entry),
        LICENCE.of(entry),
        tier(COST.of(entry)));
  }

  private static Set<TaskClass> named(List<String> names) {
    return names.stream()
        .flatMap(name -> TaskClass.ofClassName(name).stream())
        .collect(Collectors.toSet());
  }

  /** Whether it speaks of that model. */
  boolean fits(String id) {
    return Pattern.matches(
        Stream.of(model.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
        id);
  }

  /** How well it suits a class: 1 where that is a strength, 0.2 a weakness, else 0.5. */
  double affinity(TaskClass task) {
    if (strengths.contains(task)) {
      return 1;
    }
    return weaknesses.contains(task) ? 0.2 : 0.5;
  }
}
