package io.ratatoskr.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What keys were given, and where. The text shows keys alone, since values may be secrets.
 *
 * <p>Immutable.
 */
public final class Values {
  private static final Values NONE = new Values(Map.of());

  /**
   * What one key was given.
   *
   * @param origin where
   */
  record Given(String key, Value value, Origin origin) {}

  private final Map<String, Given> byKey;

  Values(Map<String, Given> byKey) {
    this.byKey = Map.copyOf(byKey);
  }

  /** Every key has its default. */
  public static Values none() {
    return NONE;
  }

  /**
   * Texts by key, from a program; the texts of lists are split at commas.
   *
   * @param known the keys that there may be
   * @throws InvalidSettingException for another key
   */
  public static Values of(List<Setting<?>> known, Map<String, String> texts) {
    KnownSettings all = KnownSettings.of(known, Map.of());
    Map<String, Given> byKey = new HashMap<>();
    texts.forEach((key, text) -> {
      Setting<?> setting = all.of(key).orElseThrow(() -> all.unknown(key, new Origin.Program()));
      Value value = TomlSource.argument(key, text, setting.fallback() instanceof List);
      byKey.put(key, new Given(key, value, new Origin.Program()));
    });
    return new Values(byKey);
  }

  /** What a key was given; empty where it has its default. */
  Optional<Value> value(String key) {
    return Optional.ofNullable(byKey.get(key)).map(Given::value);
  }

  /** What the keys below one were given. */
  Optional<Value> table(String key) {
    Map<String, String> texts = new TreeMap<>();
    byKey.forEach((name, given) -> {
      if (name.startsWith(key + ".") && given.value() instanceof Value.Text text) {
        texts.put(name.substring(key.length() + 1), text.text());
      }
    });
    return texts.isEmpty() ? Optional.empty() : Optional.of(new Value.Table(texts));
  }

  /** Where a key's value was given; empty where it has its default. */
  public Optional<Origin> origin(String key) {
    return Optional.ofNullable(byKey.get(key)).map(Given::origin);
  }

  /** The keys that were given, in the order of the alphabet. */
  public java.util.SortedSet<String> keys() {
    return new java.util.TreeSet<>(byKey.keySet());
  }

  /** These values, and those over them. */
  Values with(Values others) {
    Map<String, Given> both = new HashMap<>(byKey);
    both.putAll(others.byKey);
    return new Values(both);
  }

  /** These values and where they have none those. */
  public Values over(Values defaults) {
    return defaults.with(this);
  }

  /**
   * What is made of these values; where that refuses a key, the refusal says where the key's value
   * was given.
   *
   * @throws InvalidSettingException naming place, key and what it takes
   */
  public <R> R locate(Supplier<R> made) {
    try {
      return made.get();
    } catch (InvalidSettingException e) {
      Given given = byKey.get(e.key());
      throw given == null ? e : e.at(given.origin());
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Values values && values.byKey.equals(byKey);
  }

  @Override
  public int hashCode() {
    return byKey.hashCode();
  }

  @Override
  public String toString() {
    return keys().toString();
  }
}
