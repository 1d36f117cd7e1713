package io.ratatoskr.policy;

import io.ratatoskr.policy.task.TaskClass;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who is asked first, who in whose place, and in which order.
 *
 * @param primaries who is asked first, by capability
 * @param fallbacks who is asked in their order where the first cannot answer, by what it is said
 *     of: a capability, a class of tasks, or else a model
 * @param strategies in which order equally suitable ones are asked, by capability
 */
public record RoutingRules(
    Map<Capability, Target> primaries,
    Map<String, List<Target>> fallbacks,
    Map<Capability, Strategy> strategies) {

  /** Most targets of one line of fallbacks; a chain has one candidate more. */
  static final int MOST_FALLBACKS = 3;

  private static final String ANY_TARGET = "a model, a pool, model@pool, or empty";

  private static final Map<Capability, Setting<String>> PRIMARIES = primaryKeys();

  static final Setting<Map<String, List<Target>>> FALLBACKS =
      Setting.table(
          "routing.fallbacks",
          List.of(),
          "a list of 1 to " + MOST_FALLBACKS + " models, pools or model@pool",
          RoutingRules::chain,
          "Who is asked in their order where the first cannot answer: `chat = [\"ollama\","
              + " \"openai\"]` of a capability, `code-generation = [...]` of a class of tasks,"
              + " `\"gpt-4o\" = [...]` of a model. A model's come first, then its class's, then its"
              + " capability's; a chain has at most four candidates. Fallbacks of fallbacks are not"
              + " followed.");

  private static final Setting<Map<String, Strategy>> STRATEGIES =
      Setting.table(
          "routing.strategy",
          List.of(),
          "priority, cost, latency or load-balanced",
          RoutingRules::strategy,
          "In which order equally suitable candidates of a capability are asked: `chat ="
              + " \"cost\"`. priority: the primary one, then as they are configured; cost: the"
              + " cheapest first; latency: the fastest lately; load-balanced: spread evenly.");

  /**
   * The keys of section {@code routing} that stand here.
   *
   * @param others further keys of it
   */
  public static Section section(List<Setting<?>> others) {
    List<Setting<?>> keys = new ArrayList<>(PRIMARIES.values());
    keys.add(FALLBACKS);
    keys.add(STRATEGIES);
    keys.addAll(others);
    return new Section(
        "routing",
        "Who answers, and who in whose place: see [routing](routing.md). `ratatoskr explain`"
            + " shows what comes of it for a request.",
        keys);
  }

  public RoutingRules {
    primaries = Map.copyOf(primaries);
    fallbacks = Map.copyOf(fallbacks);
    strategies = Map.copyOf(strategies);
  }

  /** Nothing said: pools in the order of the configuration, nobody in another model's place. */
  public static final RoutingRules NONE = new RoutingRules(Map.of(), Map.of(), Map.of());

  private static Map<Capability, Setting<String>> primaryKeys() {
    Map<Capability, Setting<String>> settings = new EnumMap<>(Capability.class);
    for (Capability capability : Capability.values()) {
      settings.put(
          capability,
          Setting.text(
              "routing." + capability.topicName(),
              "",
              ANY_TARGET,
              text -> text.isEmpty() || isTarget(text),
              "Who is asked first for "
                  + capability.topicName()
                  + ", of those that can answer; a pool, a model, or `model@pool`."));
    }
    return settings;
  }

  private static boolean isTarget(String text) {
    try {
      Target.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static List<Target> chain(String of, String text) {
    List<Target> targets = Arrays.stream(text.split(",", -1)).map(Target::parse).toList();
    String key = FALLBACKS.key() + "." + of;
    if (targets.size() > MOST_FALLBACKS) {
      throw new InvalidSettingException(
          key,
          "names %d; a chain has at most four candidates, so %d in whose place others are asked"
              .formatted(targets.size(), MOST_FALLBACKS));
    }
    Set<Target> once = new HashSet<>();
    for (Target target : targets) {
      if (target.toString().equals(of)) {
        throw new InvalidSettingException(key, "names itself: a chain would run in a circle");
      }
      if (!once.add(target)) {
        throw new InvalidSettingException(key, "names " + target + " twice");
      }
    }
    return targets;
  }

  private static Strategy strategy(String of, String text) {
    capability(STRATEGIES.key() + "." + of, of);
    return Strategy.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static Capability capability(String key, String name) {
    return Capability.ofTopicName(name)
        .orElseThrow(() ->
            new InvalidSettingException(
                key,
                "there is no such capability; there are "
                    + Arrays.stream(Capability.values())
                        .map(Capability::topicName)
                        .collect(Collectors.joining(", "))));
  }

  static RoutingRules of(Values values) {
    Map<Capability, Target> primaries = new EnumMap<>(Capability.class);
    PRIMARIES.forEach((capability, setting) -> {
      String text = setting.of(values);
      if (!text.isEmpty()) {
        primaries.put(capability, Target.parse(text));
      }
    });
    Map<Capability, Strategy> strategies = new EnumMap<>(Capability.class);
    STRATEGIES
        .of(values)
        .forEach((name, strategy) -> strategies.put(capability(STRATEGIES.key(), name), strategy));
    return new RoutingRules(primaries, FALLBACKS.of(values), strategies);
  }

  /**
   * Refuses a pool behind an {@code @} that there is not, and one that no request may go to.
   *
   * @param pools the names of those that there are
   * @param forbidden of these the ones that data may not go to
   * @throws InvalidSettingException naming the key
   */
  void check(Set<String> pools, Set<String> forbidden) {
    primaries.forEach((capability, target) ->
        check("routing." + capability.topicName(), target, pools, forbidden));
    fallbacks.forEach((of, targets) ->
        targets.forEach(target -> check(FALLBACKS.key() + "." + of, target, pools, forbidden)));
  }

  private static void check(String key, Target target, Set<String> pools, Set<String> forbidden) {
    String pool = target.pool().orElse(target.name());
    if (target.pool().isPresent() && !pools.contains(pool)) {
      throw new InvalidSettingException(
          key, "there is no pool '%s'; there are %s".formatted(pool, String.join(", ", pools)));
    }
    if (forbidden.contains(pool)) {
      throw new InvalidSettingException(
          key, "pool '%s' is remote, and privacy.data-policy is local-only".formatted(pool));
    }
  }

  /** Who is asked in a model's place, in their order, each with the reason for people. */
  List<Map.Entry<Target, String>> inPlaceOf(
      String model, Optional<TaskClass> task, Capability capability) {
    List<Map.Entry<Target, String>> targets = new ArrayList<>();
    if (!model.isEmpty()) {
      add(targets, model, "in place of " + model);
    }
    task.ifPresent(of -> add(targets, of.className(), "fallback for " + of.className()));
    add(targets, capability.topicName(), "fallback for " + capability.topicName());
    return targets;
  }

  private void add(List<Map.Entry<Target, String>> targets, String of, String reason) {
    fallbacks.getOrDefault(of, List.of()).forEach(target -> targets.add(Map.entry(target, reason)));
  }

  Strategy strategy(Capability capability) {
    return strategies.getOrDefault(capability, Strategy.PRIORITY);
  }

  Optional<Target> primary(Capability capability) {
    return Optional.ofNullable(primaries.get(capability));
  }
}
