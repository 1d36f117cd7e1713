package io.ratatoskr.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The values that keys were given, and where. The text shows keys alone, since values may be
 * secrets.
 *
 * <p>Immutable.
 */
public final class Values {
  private static final Values NONE = new Values(Map.of());

  /** Where the program gives a value. */
  private static final Origin PROGRAM = new Origin.Program();

  /**
   * The value that one key was given.
   *
   * @param origin where
   */
  record Given(String key, RawValue value, Origin origin) {}

  private final Map<String, Given> byKey;

  /** By section the entries that are written of it, by name and in their order. */
  private final Map<String, Map<String, Values>> entries;

  /** Where an entry stands as a whole; null of what is no entry. */
  private final @Nullable Origin place;

  /** Whether these are keys of an entry that keeps those which an earlier file gave it. */
  private final boolean adds;

  private Values(
      Map<String, Given> byKey,
      Map<String, Map<String, Values>> entries,
      @Nullable Origin place,
      boolean adds) {
    this.byKey = Map.copyOf(byKey);
    this.entries = Map.copyOf(entries);
    this.place = place;
    this.adds = adds;
  }

  Values(Map<String, Given> byKey) {
    this(byKey, Map.of(), null, false);
  }

  /**
   * The values of a file.
   *
   * @param entries by section the entries of it, by name and in their order
   */
  Values(Map<String, Given> byKey, Map<String, Map<String, Values>> entries) {
    this(byKey, entries, null, false);
  }

  /**
   * The values of an entry that stands at that place.
   *
   * @param adds whether what an earlier file gave to an entry of that name stays
   */
  static Values entry(Map<String, Given> byKey, Origin place, boolean adds) {
    return new Values(byKey, Map.of(), place, adds);
  }

  /** The values of an entry that the program makes. */
  static Values entry(Map<String, RawValue> values) {
    Map<String, Given> byKey = new HashMap<>();
    values.forEach((key, value) -> byKey.put(key, new Given(key, value, PROGRAM)));
    return entry(byKey, PROGRAM, false);
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
      Setting<?> setting = all.of(key).orElseThrow(() -> all.unknown(key, PROGRAM));
      RawValue value = TomlSource.argument(key, text, setting.fallback() instanceof List);
      byKey.put(key, new Given(key, value, PROGRAM));
    });
    return new Values(byKey);
  }

  /** The value that a key was given; empty where it has its default. */
  Optional<RawValue> value(String key) {
    return Optional.ofNullable(byKey.get(key)).map(Given::value);
  }

  /** The values that the keys below one were given. */
  Optional<RawValue> table(String key) {
    Map<String, String> texts = new TreeMap<>();
    byKey.forEach((name, given) -> {
      if (name.startsWith(key + ".") && given.value() instanceof RawValue.Text text) {
        texts.put(name.substring(key.length() + 1), text.text());
      }
    });
    return texts.isEmpty() ? Optional.empty() : Optional.of(new RawValue.Table(texts));
  }

  /** Where a key's value was given; empty where it has its default. */
  public Optional<Origin> origin(String key) {
    return Optional.ofNullable(byKey.get(key)).map(Given::origin);
  }

  /** The keys that were given, in the order of the alphabet. */
  public java.util.SortedSet<String> keys() {
    return new java.util.TreeSet<>(byKey.keySet());
  }

  /**
   * The entries of a repeated section, each with the values of its own keys: the standard ones
   * whose names are not written, then those that are, in their order, completed by the standard
   * ones of their names where the section says so.
   */
  public List<Values> entries(Section section) {
    Map<String, Values> written =
        new LinkedHashMap<>(entries.getOrDefault(section.name(), Map.of()));
    List<Values> all = new ArrayList<>();
    if (section.repetition() != null) {
      boolean completes = section.repetition().completes();
      for (Map<String, RawValue> standard : section.repetition().standard()) {
        Values entry = entry(standard);
        String name = section.identity().of(entry).toString();
        if (!written.containsKey(name)) {
          all.add(entry);
        } else if (completes) {
          written.computeIfPresent(name, (same, own) -> own.completed(entry));
        }
      }
    }
    all.addAll(written.values());
    return all;
  }

  /** This entry, at its place, with what it leaves out as in that one. */
  private Values completed(Values standard) {
    Map<String, Given> both = new HashMap<>(standard.byKey);
    both.putAll(byKey);
    return new Values(both, entries, place, adds);
  }

  /** Whether an entry of a repeated section is written. */
  public boolean isWritten(Section section) {
    return !entries.getOrDefault(section.name(), Map.of()).isEmpty();
  }

  /**
   * These values, and those over them; an entry takes the place of the one of its name, or adds its
   * keys to it where the name stands in its header.
   */
  Values with(Values others) {
    Map<String, Given> both = new HashMap<>(byKey);
    both.putAll(others.byKey);
    Map<String, Map<String, Values>> all = new HashMap<>(entries);
    others.entries.forEach((section, later) -> all.merge(section, later, Values::followed));
    return new Values(both, all, place, adds);
  }

  private static Map<String, Values> followed(
      Map<String, Values> earlier, Map<String, Values> later) {
    Map<String, Values> all = new LinkedHashMap<>(earlier);
    later.forEach((name, entry) -> {
      Values before = all.remove(name);
      all.put(name, before != null && entry.adds ? before.with(entry) : entry);
    });
    return all;
  }

  /** These values and where they have none those. */
  public Values over(Values defaults) {
    return defaults.with(this);
  }

  /**
   * Makes something of these values; where that refuses a key, the refusal says where the key's
   * value was given, or where the entry stands that lacks it.
   *
   * @throws InvalidSettingException naming place, key and what it takes
   */
  public <R> R locate(Supplier<R> made) {
    try {
      return made.get();
    } catch (InvalidSettingException e) {
      Given given = byKey.get(e.key());
      throw e.at(
          given == null || given.origin() instanceof Origin.Program ? place : given.origin());
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Values values
        && values.byKey.equals(byKey)
        && values.entries.equals(entries);
  }

  @Override
  public int hashCode() {
    return byKey.hashCode() + entries.hashCode();
  }

  @Override
  public String toString() {
    return keys().toString();
  }
}
