package io.ratatoskr.policy.name;

import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Names that stand for other names.
 *
 * @param byName what each stands for, which may be another alias: at most {@link #DEEPEST} behind
 *     one another, and none for itself
 */
public record ModelAliases(Map<String, String> byName) {
  /** The most aliases behind one another. */
  public static final int DEEPEST = 16;

  private static final String KEY = "routing.aliases";

  private static final Setting<Map<String, String>> ALIASES =
      Setting.table(
          KEY,
          List.of(),
          "a name of at most " + RequestHead.LONGEST_NAME + " characters",
          (alias, target) -> target(target),
          "The name of a model, a provider's model, a preset or another alias, by the alias. Where"
              + " a model of the alias's own name is served, that is meant.");

  /** The section of a configuration file. */
  public static final Section SECTION =
      new Section(
          KEY,
          "Names for models, which requests may use in their place: `fast = \"llama3.2:3b\"`. See"
              + " [routing](routing.md).",
          List.of(ALIASES));

  public ModelAliases {
    byName = Map.copyOf(byName);
    for (String alias : new TreeMap<>(byName).keySet()) {
      check(alias, byName);
    }
  }

  private static String target(String text) {
    if (text.isBlank() || text.length() > RequestHead.LONGEST_NAME) {
      throw new IllegalArgumentException(text);
    }
    return text.strip();
  }

  private static void check(String alias, Map<String, String> byName) {
    if (ModelName.isReserved(alias)) {
      throw new InvalidSettingException(
          KEY + "." + alias,
          "is reserved: %s and names that begin with %s have a meaning of their own"
              .formatted(ModelName.AUTO, ModelName.PRESET));
    }
    List<String> path = new ArrayList<>(List.of(alias));
    for (String next = byName.get(alias); next != null; next = byName.get(next)) {
      boolean closes = path.contains(next);
      path.add(next);
      if (closes) {
        throw new InvalidSettingException(
            KEY + "." + alias, "goes in a circle: " + String.join(" -> ", path));
      }
      if (path.size() > DEEPEST + 1) {
        throw new InvalidSettingException(
            KEY + "." + alias,
            "has more than %d aliases behind one another: %s"
                .formatted(DEEPEST, String.join(" -> ", path)));
      }
    }
  }

  /** No aliases. */
  public static ModelAliases none() {
    return new ModelAliases(Map.of());
  }

  /**
   * The aliases of a file.
   *
   * @throws InvalidSettingException naming the key, its place and what it takes
   */
  public static ModelAliases of(Values values) {
    return values.locate(() -> new ModelAliases(ALIASES.of(values)));
  }

  /** What a name stands for, if it is an alias. */
  Optional<String> target(ModelName name) {
    return Optional.ofNullable(byName.get(name.text()));
  }
}
