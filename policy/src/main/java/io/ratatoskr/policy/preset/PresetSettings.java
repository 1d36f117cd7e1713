package io.ratatoskr.policy.preset;

import io.ratatoskr.policy.name.ModelAliases;
import io.ratatoskr.policy.name.ModelName;
import io.ratatoskr.policy.name.ModelServers;
import io.ratatoskr.policy.name.ModelTarget;
import io.ratatoskr.policy.task.TaskClass;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.chat.ReasoningEffort;
import io.ratatoskr.schemas.chat.ReasoningOptions;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.RawValue;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of a preset, and the presets that are built in. */
final class PresetSettings {
  private static final Pattern NAMES =
      Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}/[a-z0-9][a-z0-9._-]{0,63}");
  private static final String NOTHING = "";
  private static final ModelServers NOBODY = new ModelServers(Map.of(), Map.of());

  static final Setting<String> NAME =
      Setting.text(
          "presets.name",
          NOTHING,
          "TIER/SLOT, each of lower-case letters, digits, '.', '_', '-', at most 64",
          text -> NAMES.matcher(text).matches(),
          "Names the preset: requests ask for `ratatoskr:TIER/SLOT`; must be given. An entry takes"
              + " the place of the built-in preset of its name as a whole.");
  static final Setting<List<String>> CAPABILITIES =
      Setting.list(
          "presets.capabilities",
          List.of(Capability.CHAT.topicName(), Capability.GENERATE.topicName()),
          Arrays.stream(Capability.values())
              .filter(Capability::runsModel)
              .map(Capability::topicName)
              .collect(Collectors.joining(", ")),
          text -> Capability.ofTopicName(text).filter(Capability::runsModel).isPresent(),
          "What it can be asked for.");
  static final Setting<List<String>> MODELS =
      Setting.list(
          "presets.models",
          List.of(),
          "names of models, aliases, or POOL/MODEL",
          PresetSettings::isModel,
          "The models that answer: the first that can. Empty lets the policy choose among all by"
              + " the three keys that follow.");
  static final Setting<CostTier> COST_TIER =
      Setting.choice("presets.cost-tier", CostTier.MEDIUM, "The dearest that a model may be.");
  static final Setting<String> TASK_CLASS =
      Setting.text(
          "presets.task-class",
          TaskClass.GENERAL.className(),
          TaskClass.classNames(),
          text -> TaskClass.ofClassName(text).isPresent(),
          "What a model should be strong in.");
  static final Setting<Boolean> TOOLS =
      Setting.flag("presets.tools", false, "Whether a model must take tools.");
  static final Setting<String> TEMPERATURE =
      number("temperature", "0 to 2", value -> value >= 0 && value <= 2, "Spread of the sampling");
  static final Setting<String> TOP_P =
      number(
          "top-p",
          "above 0 to 1",
          value -> value > 0 && value <= 1,
          "Share of the probability that is sampled from");
  static final Setting<String> TOP_K = count("top-k", "Likeliest tokens that are sampled from");
  static final Setting<String> MAX_TOKENS = count("max-tokens", "Most tokens of the answer");
  static final Setting<String> FREQUENCY_PENALTY =
      number(
          "frequency-penalty",
          "-2 to 2",
          value -> value >= -2 && value <= 2,
          "Penalty for a token for each time that it occurred");
  static final Setting<String> PRESENCE_PENALTY =
      number(
          "presence-penalty",
          "-2 to 2",
          value -> value >= -2 && value <= 2,
          "Penalty for a token that occurred at all");
  static final Setting<String> SEED =
      number(
          "seed",
          "a whole number",
          value -> value == Math.rint(value) && Math.abs(value) <= 1L << 53,
          "Start of the random numbers");
  static final Setting<List<String>> STOP =
      Setting.list(
          "presets.stop",
          List.of(),
          "texts that are not empty",
          text -> !text.isEmpty(),
          "Texts that end the answer, where a request names none.");
  static final Setting<String> REASONING_EFFORT =
      Setting.text(
          "presets.reasoning-effort",
          NOTHING,
          "nothing, or one of "
              + Stream.of(ReasoningEffort.values())
                  .map(PresetSettings::name)
                  .collect(Collectors.joining(", ")),
          text -> text.isEmpty() || effort(text).isPresent(),
          "How much a model reasons, where a request says nothing of it.");

  static final Section SECTION =
      new Section(
          "presets",
          "Names of a tier and a slot, which requests may use in place of a model's:"
              + " `ratatoskr:TIER/SLOT`. The tiers `free`, `budget`, `mid` and `premium` with the"
              + " slots `agentic`, `coding`, `embedding`, `summariser` and `text-generation` are"
              + " built in, and name no models: what there is is chosen by cost and strength."
              + " `ratatoskr presets list` shows all. See [routing](routing.md).",
          List.of(
              NAME,
              CAPABILITIES,
              MODELS,
              COST_TIER,
              TASK_CLASS,
              TOOLS,
              TEMPERATURE,
              TOP_P,
              TOP_K,
              MAX_TOKENS,
              FREQUENCY_PENALTY,
              PRESENCE_PENALTY,
              SEED,
              STOP,
              REASONING_EFFORT),
          new Section.Repetition(
              builtIn(),
              Map.of(
                  NAME.key(), new RawValue.Text("premium/coding"),
                  MODELS.key(), new RawValue.Many(List.of("claude-sonnet-4", "openai/gpt-4.1")),
                  TEMPERATURE.key(), new RawValue.Text("0.3"))));

  private PresetSettings() {}

  private static Setting<String> number(
      String name, String allowed, DoublePredicate accepts, String meaning) {
    return Setting.text(
        "presets." + name,
        NOTHING,
        allowed + ", or nothing",
        text -> text.isEmpty() || isNumber(text, accepts),
        meaning + ", where a request says nothing of it.");
  }

  private static Setting<String> count(String name, String meaning) {
    return number(
        name,
        "1 or more",
        value -> value == Math.rint(value) && value >= 1 && value <= Integer.MAX_VALUE,
        meaning);
  }

  private static boolean isNumber(String text, DoublePredicate accepts) {
    try {
      return accepts.test(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Presets in presets would need a rule against circles; their models can be written instead. */
  private static boolean isModel(String text) {
    return !text.isBlank()
        && text.length() <= RequestHead.LONGEST_NAME
        && !text.startsWith(ModelName.PRESET)
        && !text.equals(ModelName.AUTO);
  }

  private static Optional<ReasoningEffort> effort(String text) {
    return Stream.of(ReasoningEffort.values()).filter(one -> name(one).equals(text)).findFirst();
  }

  /** The text of a constant in a configuration. */
  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static List<Map<String, RawValue>> builtIn() {
    List<Map<String, RawValue>> all = new ArrayList<>();
    Map<String, CostTier> tiers = new LinkedHashMap<>();
    tiers.put("free", CostTier.FREE);
    tiers.put("budget", CostTier.LOW);
    tiers.put("mid", CostTier.MEDIUM);
    tiers.put("premium", CostTier.HIGH);
    tiers.forEach((tier, cost) -> {
      all.add(entry(tier, "agentic", cost, TaskClass.TOOL_USE));
      all.add(entry(tier, "coding", cost, TaskClass.CODE_GENERATION));
      all.add(entry(tier, "embedding", cost, TaskClass.EMBEDDING));
      all.add(entry(tier, "summariser", cost, TaskClass.GENERAL));
      all.add(entry(tier, "text-generation", cost, TaskClass.CREATIVE));
    });
    return all;
  }

  private static Map<String, RawValue> entry(
      String tier, String slot, CostTier cost, TaskClass taskClass) {
    Map<String, RawValue> entry = new HashMap<>();
    entry.put(NAME.key(), new RawValue.Text(tier + "/" + slot));
    entry.put(COST_TIER.key(), new RawValue.Text(name(cost)));
    entry.put(TASK_CLASS.key(), new RawValue.Text(taskClass.className()));
    if (taskClass == TaskClass.EMBEDDING) {
      entry.put(CAPABILITIES.key(), new RawValue.Many(List.of(Capability.EMBED.topicName())));
    }
    if (taskClass == TaskClass.TOOL_USE) {
      entry.put(TOOLS.key(), new RawValue.Text("true"));
    }
    if (tier.equals("budget")
        && (taskClass == TaskClass.TOOL_USE || taskClass == TaskClass.CODE_GENERATION)) {
      entry.put(TEMPERATURE.key(), new RawValue.Text("0.3"));
      entry.put(TOP_P.key(), new RawValue.Text("0.95"));
    }
    return entry;
  }

  /**
   * The preset that an entry describes.
   *
   * @param aliases by which its models may be named
   */
  static Preset preset(Values entry, ModelAliases aliases) {
    return entry.locate(() -> {
      String[] name = NAME.check(NAME.of(entry)).split("/", -1);
      List<ModelName> models = MODELS.of(entry).stream().map(ModelName::new).toList();
      models.forEach(model -> refuseIndirection(model, aliases));
      return new Preset(
          name[0],
          name[1],
          capabilities(entry, name[1]),
          models,
          new PresetCriteria(
              COST_TIER.of(entry),
              TaskClass.ofClassName(TASK_CLASS.of(entry)).orElseThrow(),
              TOOLS.of(entry)),
          options(entry));
    });
  }

  private static Set<Capability> capabilities(Values entry, String slot) {
    List<String> names = CAPABILITIES.of(entry);
    if (names.isEmpty()) {
      throw new InvalidSettingException(
          CAPABILITIES.key(), "names nothing that '%s' can be asked for".formatted(slot));
    }
    return names.stream()
        .flatMap(text -> Capability.ofTopicName(text).stream())
        .collect(Collectors.toSet());
  }

  /** An alias may stand for a preset, or for the policy's choice; a preset's models may not. */
  private static void refuseIndirection(ModelName model, ModelAliases aliases) {
    switch (model.resolve(aliases, NOBODY)) {
      case ModelTarget.AtPreset preset ->
          throw new InvalidSettingException(
              MODELS.key(), "'%s' is an alias of a preset".formatted(model.text()));
      case ModelTarget.Auto auto ->
          throw new InvalidSettingException(
              MODELS.key(), "'%s' is an alias of '%s'".formatted(model.text(), ModelName.AUTO));
      case ModelTarget.Nothing nothing ->
          throw new InvalidSettingException(
              MODELS.key(),
              "'%s' stands for nothing: %s".formatted(model.text(), nothing.reason()));
      case ModelTarget.Exact exact -> {}
      case ModelTarget.AtPools pools -> {}
    }
  }

  private static ChatOptions options(Values entry) {
    ChatOptions.Builder options = ChatOptions.builder();
    given(entry, TEMPERATURE).ifPresent(text -> options.temperature(Double.parseDouble(text)));
    given(entry, TOP_P).ifPresent(text -> options.topP(Double.parseDouble(text)));
    given(entry, TOP_K).ifPresent(text -> options.topK((int) Double.parseDouble(text)));
    given(entry, MAX_TOKENS).ifPresent(text -> options.maxTokens((int) Double.parseDouble(text)));
    given(entry, FREQUENCY_PENALTY)
        .ifPresent(text -> options.frequencyPenalty(Double.parseDouble(text)));
    given(entry, PRESENCE_PENALTY)
        .ifPresent(text -> options.presencePenalty(Double.parseDouble(text)));
    given(entry, SEED).ifPresent(text -> options.seed((long) Double.parseDouble(text)));
    options.stop(STOP.of(entry).toArray(String[]::new));
    given(entry, REASONING_EFFORT)
        .flatMap(PresetSettings::effort)
        .ifPresent(effort -> options.reasoning(ReasoningOptions.of(effort)));
    return options.build();
  }

  private static Optional<String> given(Values entry, Setting<String> setting) {
    return Optional.of(setting.of(entry)).filter(text -> !text.isEmpty());
  }

  /** The options that are set, as a request names them, each with its value. */
  static List<String> written(ChatOptions options) {
    List<String> all = new ArrayList<>();
    options.temperature().ifPresent(value -> all.add("temperature=" + value));
    options.topP().ifPresent(value -> all.add("top_p=" + value));
    options.topK().ifPresent(value -> all.add("top_k=" + value));
    options.maxTokens().ifPresent(value -> all.add("max_tokens=" + value));
    options.frequencyPenalty().ifPresent(value -> all.add("frequency_penalty=" + value));
    options.presencePenalty().ifPresent(value -> all.add("presence_penalty=" + value));
    options.seed().ifPresent(value -> all.add("seed=" + value));
    options.stop().forEach(value -> all.add("stop=" + value));
    options
        .reasoning()
        .flatMap(ReasoningOptions::effort)
        .ifPresent(effort -> all.add("reasoning_effort=" + name(effort)));
    return all;
  }
}
