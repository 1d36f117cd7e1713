package io.ratatoskr.settings;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file.
 *
 * @param name as in {@code [router]}; empty where a file has no sections
 * @param doc what it is for, in Markdown
 * @param settings its keys, in the order of the documentation; those that may change while the
 *     program runs are marked as live; where it is repeated the first one names an entry
 * @param repetition how it is repeated; null where a file has it once
 */
public record Section(
    String name, String doc, List<Setting<?>> settings, @Nullable Repetition repetition) {
  private static final String LIVE = " *Live.*";

  /**
   * How a section is repeated, each time as an entry of its own, as {@code [[pools]]} and {@code
   * [providers.NAME]} are.
   *
   * @param standard the entries that there are where none of the same name is written: values by
   *     key, the first key always among them
   * @param example an entry for the documentation
   * @param inHeader whether an entry's name stands in its header, in place of its first key; of
   *     such an entry a later file may give single keys
   * @param completes whether an entry of a standard one's name keeps of that what it leaves out
   */
  public record Repetition(
      List<Map<String, RawValue>> standard,
      Map<String, RawValue> example,
      boolean inHeader,
      boolean completes) {
    public Repetition {
      standard = List.copyOf(standard);
      example = Map.copyOf(example);
    }

    /** Of entries whose first key names them. */
    public Repetition(List<Map<String, RawValue>> standard, Map<String, RawValue> example) {
      this(standard, example, false);
    }

    /** Of entries that take the place of the standard ones of their names. */
    public Repetition(
        List<Map<String, RawValue>> standard, Map<String, RawValue> example, boolean inHeader) {
      this(standard, example, inHeader, false);
    }

    /** The same, of entries that keep what they leave out from the standard ones. */
    public Repetition completing() {
      return new Repetition(standard, example, inHeader, true);
    }
  }

  public Section {
    settings = List.copyOf(settings);
    for (Setting<?> setting : settings) {
      if (!setting.key().startsWith(name.isEmpty() ? "" : name)) {
        throw new IllegalArgumentException(setting.key() + " is not in section " + name);
      }
    }
  }

  /** A section that a file has once. */
  public Section(String name, String doc, List<Setting<?>> settings) {
    this(name, doc, settings, null);
  }

  /** The line that it begins with: {@code [name]}; where repeated, with two or an entry's name. */
  public String header() {
    if (repetition == null) {
      return "[" + name + "]";
    }
    return isNamedInHeader() ? "[" + name + ".NAME]" : "[[" + name + "]]";
  }

  /** The line that an entry begins with. */
  String header(Values entry) {
    return isNamedInHeader()
        ? "[%s.%s]".formatted(name, TomlText.key(String.valueOf(identity().of(entry))))
        : header();
  }

  boolean isNamedInHeader() {
    return repetition != null && repetition.inHeader();
  }

  /** The keys that are written below the header. */
  List<Setting<?>> written() {
    return isNamedInHeader() ? settings.subList(1, settings.size()) : settings;
  }

  /** The key whose value names an entry. */
  Setting<?> identity() {
    return settings.get(0);
  }

  private String row(Setting<?> setting) {
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            isNamedInHeader() ? name + ".NAME." + setting.name() : setting.key(),
            fallback(setting),
            setting.allowed(),
            setting.doc() + (setting.live() ? LIVE : ""));
  }

  private static <T> String fallback(Setting<T> setting) {
    String text = setting.form().table() ? "" : setting.form().writes().apply(setting.fallback());
    return text.isEmpty() || text.equals("\"\"") || text.equals("[]") ? "" : "`" + text + "`";
  }

  /** Its keys as a table in Markdown, after an example where it is repeated. */
  public String markdown() {
    StringBuilder table = new StringBuilder();
    if (repetition != null) {
      table.append("```toml\n").append(TomlText.example(this)).append("```\n\n");
    }
    table.append("| key | default | allowed | meaning |\n");
    table.append("|---|---|---|---|\n");
    written().forEach(setting -> table.append(row(setting)));
    return table.toString();
  }
}
