package io.ratatoskr.settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A configuration as TOML, for people to read and to begin with. Secrets are never shown. */
public final class TomlText {
  private static final int WIDTH = 96;
  private static final String ORIGIN = "  # ";

  private TomlText() {}

  /**
   * A file that changes nothing: each key, commented out, with its default and what it means.
   *
   * @param head comes first, without comment signs
   */
  public static String template(KnownSettings known, String head) {
    StringBuilder file = new StringBuilder(comment(head));
    for (Section section : known.sections()) {
      file.append("\n\n").append(comment(section.doc()));
      if (section.repetition() != null) {
        file.append("# An example: remove the # before ").append(section.header(shown(section)));
        file.append(" too, and write it again for each further one.\n#");
      }
      Values shown = shown(section);
      file.append(section.header(shown)).append('\n');
      section
          .written()
          .forEach(setting -> file.append('\n').append(entry(section, setting, shown)));
    }
    return file.toString();
  }

  /** The values in a template: defaults, or the example of a section that is repeated. */
  private static Values shown(Section section) {
    return section.repetition() == null
        ? Values.none()
        : Values.entry(section.repetition().example());
  }

  private static <T> String entry(Section section, Setting<T> setting, Values shown) {
    String doc = comment(setting.doc() + " Allowed: " + setting.allowed() + ".");
    return setting.form().table()
        ? doc
        : "%s#%s = %s\n"
            .formatted(
                doc,
                name(section, setting.key()),
                setting.form().writes().apply(setting.of(shown)));
  }

  /** The example of a repeated section, with the keys that it gives. */
  static String example(Section section) {
    Values shown = shown(section);
    StringBuilder entry = new StringBuilder(section.header(shown)).append('\n');
    section.written().stream()
        .filter(setting -> shown.origin(setting.key()).isPresent())
        .flatMap(setting -> lines(section, setting, shown).stream())
        .forEach(line ->
            entry
                .append(name(section, line.getKey()))
                .append(" = ")
                .append(line.getValue())
                .append('\n'));
    return entry.toString();
  }

  /** Lines of a comment, in which Markdown's links and code are plain text. */
  private static String comment(String text) {
    String plain = text.replaceAll("\\[([^]]*)]\\(([^)]*)\\)", "$1 (docs/$2)").replace("`", "");
    StringBuilder lines = new StringBuilder();
    for (String paragraph : plain.split("\n", -1)) {
      StringBuilder line = new StringBuilder("#");
      for (String word : paragraph.split(" ", -1)) {
        if (line.length() + word.length() > WIDTH && line.length() > 1) {
          lines.append(line).append('\n');
          line = new StringBuilder("#");
        }
        line.append(word.isEmpty() ? "" : " ").append(word);
      }
      lines.append(line).append('\n');
    }
    return lines.toString();
  }

  /**
   * Every key with its value.
   *
   * @param origins whether each line says where the value was given
   */
  public static String of(KnownSettings known, Values values, boolean origins) {
    StringBuilder file = new StringBuilder();
    for (Section section : known.sections()) {
      if (section.repetition() == null) {
        append(file, section, values, origins);
      } else {
        values.entries(section).forEach(entry -> append(file, section, entry, origins));
      }
    }
    return file.toString();
  }

  private static void append(StringBuilder file, Section section, Values values, boolean origins) {
    file.append(file.length() == 0 ? "" : "\n").append(section.header(values)).append('\n');
    for (Setting<?> setting : section.written()) {
      lines(section, setting, values)
          .forEach(line -> {
            file.append(name(section, line.getKey())).append(" = ").append(line.getValue());
            if (origins) {
              file.append(ORIGIN).append(origin(values, line.getKey()));
            }
            file.append('\n');
          });
    }
  }

  private static String origin(Values values, String key) {
    return values
        .origin(key)
        .filter(origin -> !(origin instanceof Origin.Program))
        .map(Object::toString)
        .orElse("default");
  }

  private static <T> List<Map.Entry<String, String>> lines(
      Section section, Setting<T> setting, Values values) {
    if (!setting.form().table()) {
      return List.of(Map.entry(setting.key(), setting.shown(setting.of(values))));
    }
    Optional<RawValue> table = values.table(setting.key());
    return table.isPresent() && table.get() instanceof RawValue.Table entries
        ? entries.texts().entrySet().stream()
            .map(entry -> Map.entry(setting.key() + "." + entry.getKey(), entry.getValue()))
            .filter(entry ->
                section.settings().stream().noneMatch(own -> own.key().equals(entry.getKey())))
            .map(entry -> Map.entry(entry.getKey(), shown(setting, entry)))
            .sorted(Map.Entry.comparingByKey())
            .toList()
        : List.of();
  }

  private static String shown(Setting<?> setting, Map.Entry<String, String> entry) {
    return Setting.quoted(
        setting.secret().test(entry.getKey()) ? Setting.HIDDEN : entry.getValue());
  }

  private static String name(Section section, String key) {
    String name = section.name().isEmpty() ? key : key.substring(section.name().length() + 1);
    return name.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*") ? name : Setting.quoted(name);
  }

  /** One part of a key, quoted where TOML needs that. */
  static String key(String part) {
    return part.matches("[A-Za-z0-9_-]+") ? part : Setting.quoted(part);
  }
}
