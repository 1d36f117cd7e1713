package io.ratatoskr.settings;

import java.util.List;

/**
 * A part of a file.
 *
 * @param name as in {@code [router]}; empty where a file has no sections
 * @param doc what it is for, in Markdown
 * @param settings its keys, in the order of the documentation; those that may change while the
 *     program runs are marked as live
 */
public record Section(String name, String doc, List<Setting<?>> settings) {
  private static final String LIVE = " *Live.*";

  public Section {
    settings = List.copyOf(settings);
    for (Setting<?> setting : settings) {
      if (!setting.key().startsWith(name.isEmpty() ? "" : name)) {
        throw new IllegalArgumentException(setting.key() + " is not in section " + name);
      }
    }
  }

  private static String row(Setting<?> setting) {
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            setting.key(),
            fallback(setting),
            setting.allowed(),
            setting.doc() + (setting.live() ? LIVE : ""));
  }

  private static <T> String fallback(Setting<T> setting) {
    String text = setting.form().table() ? "" : setting.form().writes().apply(setting.fallback());
    return text.isEmpty() || text.equals("\"\"") ? "" : "`" + text + "`";
  }

  /** Its keys as a table in Markdown. */
  public String markdown() {
    StringBuilder table = new StringBuilder("| key | default | allowed | meaning |\n");
    table.append("|---|---|---|---|\n");
    settings.forEach(setting -> table.append(row(setting)));
    return table.toString();
  }
}
