package io.ratatoskr.settings;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All keys that a file may hold.
 *
 * @param sections those that are read
 * @param elsewhere what to say of sections and keys that are not read here, such as those of a
 *     later version or of another file, by name; and the variables of the environment that others
 *     read
 * @param entry whether these are the keys of one entry of a repeated section
 */
public record KnownSettings(List<Section> sections, Map<String, String> elsewhere, boolean entry) {
  public KnownSettings {
    sections = List.copyOf(sections);
    elsewhere = Map.copyOf(elsewhere);
    Map<String, Setting<?>> byKey = new LinkedHashMap<>();
    for (Section section : sections) {
      for (Setting<?> setting : section.settings()) {
        if (byKey.put(setting.key(), setting) != null) {
          throw new IllegalArgumentException(setting.key() + " is declared twice");
        }
      }
    }
  }

  /** The keys of a file. */
  public KnownSettings(List<Section> sections, Map<String, String> elsewhere) {
    this(sections, elsewhere, false);
  }

  /** The keys of a file without sections. */
  public static KnownSettings of(List<Setting<?>> settings, Map<String, String> elsewhere) {
    return new KnownSettings(List.of(new Section("", "", settings)), elsewhere);
  }

  /** The keys of one entry of a repeated section. */
  static KnownSettings ofEntry(Section section) {
    return new KnownSettings(List.of(section), Map.of(), true);
  }

  /** All keys that there can be once, in the order of the documentation. */
  public List<Setting<?>> settings() {
    return sections.stream()
        .filter(section -> entry || section.repetition() == null)
        .<Setting<?>>flatMap(section -> section.settings().stream())
        .toList();
  }

  /** The repeated section of that name, if there is one. */
  Optional<Section> repeated(String name) {
    return sections.stream()
        .filter(section -> !entry && section.repetition() != null && section.name().equals(name))
        .findFirst();
  }

  /**
   * The typed value of every key, by key; of a repeated section each entry, by {@code [[name]]}.
   */
  public Map<String, Object> read(Values values) {
    Map<String, Object> read = new LinkedHashMap<>();
    settings().forEach(setting -> read.put(setting.key(), setting.of(values)));
    for (Section section : sections) {
      if (repeated(section.name()).isPresent()) {
        KnownSettings keys = ofEntry(section);
        read.put(section.header(), values.entries(section).stream().map(keys::read).toList());
      }
    }
    return read;
  }

  /** The setting that reads a key: its own, or a table that the key is in. */
  public Optional<Setting<?>> of(String key) {
    return settings().stream()
        .filter(setting -> setting.key().equals(key) && !setting.form().table())
        .findFirst()
        .or(() ->
            settings().stream()
                .filter(setting -> setting.form().table() && key.startsWith(setting.key() + "."))
                .max(Comparator.comparingInt(setting -> setting.key().length())));
  }

  /** Whether there are keys of that name, or below it, that there can be once. */
  boolean hasSection(String name) {
    return (repeated(name).isEmpty()
            && sections.stream().anyMatch(section -> section.name().equals(name)))
        || settings().stream()
            .anyMatch(setting ->
                setting.key().startsWith(name + ".")
                    || (setting.form().table()
                        && (setting.key().equals(name) || name.startsWith(setting.key() + "."))));
  }

  /** The exception for a key that {@link #of} does not know. */
  InvalidSettingException unknown(String key, Origin origin) {
    Optional<String> other = elsewhere(key);
    if (other.isPresent()) {
      return new InvalidSettingException(key, other.get(), origin);
    }
    Optional<Section> repeated = repeated(key.split("\\.", 2)[0]);
    if (repeated.isPresent()) {
      return new InvalidSettingException(key, manner(repeated.get()), origin);
    }
    return new InvalidSettingException(
        key, "there is no such key" + near(key).orElse(all(key)), origin);
  }

  static String manner(Section repeated) {
    return repeated.isNamedInHeader()
        ? "write %s in a file, with a name for each, and its keys below"
            .formatted(repeated.header())
        : "write " + repeated.header() + " in a file, once for each, and its keys below";
  }

  /** The exception for a section that {@link #hasSection} does not know. */
  InvalidSettingException unknownSection(String name, Origin origin) {
    Optional<String> other = elsewhere(name);
    if (other.isPresent()) {
      return new InvalidSettingException(name, other.get(), origin);
    }
    String written = "[" + name + "]";
    Optional<Section> repeated = repeated(name);
    if (repeated.isPresent()) {
      return new InvalidSettingException(written, manner(repeated.get()), origin);
    }
    List<String> names = sections.stream().map(Section::name).toList();
    return new InvalidSettingException(
        written,
        "there is no such section"
            + Spelling.nearest(name, names.stream())
                .map(nearest -> "; did you mean " + header(nearest) + "?")
                .orElse("; there are " + String.join(", ", names)),
        origin);
  }

  private String header(String name) {
    return sections.stream()
        .filter(section -> section.name().equals(name))
        .findFirst()
        .map(Section::header)
        .orElse("[" + name + "]");
  }

  private Optional<String> elsewhere(String key) {
    for (String part = key; !part.isEmpty(); part = parent(part)) {
      String found = elsewhere.get(part);
      if (found != null) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  private static String parent(String key) {
    return key.substring(0, Math.max(0, key.lastIndexOf('.')));
  }

  private Stream<String> keys() {
    return settings().stream().map(Setting::key);
  }

  private String all(String key) {
    String section = parent(key);
    List<String> there =
        sections.stream()
            .filter(one -> entry || one.repetition() == null)
            .flatMap(one -> one.written().stream())
            .filter(setting -> setting.section().equals(section))
            .map(Setting::name)
            .toList();
    if (!there.isEmpty()) {
      return (section.isEmpty() ? "; there are " : "; " + header(section) + " has ")
          + String.join(", ", there);
    }
    return "; docs/configuration.md lists all";
  }

  /** The nearest by its spelling; else one of the same name in another section. */
  private Optional<String> near(String key) {
    String name = key.substring(key.lastIndexOf('.') + 1);
    Map<String, String> plain = new LinkedHashMap<>();
    keys().forEach(known -> plain.putIfAbsent(known.replace('.', '-'), known));
    return Spelling.nearest(key, keys())
        .or(() -> keys().filter(known -> known.endsWith("." + name)).findFirst())
        .or(() -> Spelling.nearest(key.replace('.', '-'), plain.keySet().stream()).map(plain::get))
        .map(nearest -> "; did you mean " + nearest + "?");
  }
}
