package io.ratatoskr.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/** A file of the form {@code key=value}, which is not read but shown as TOML. */
final class PropertiesFile {
  private PropertiesFile() {}

  static InvalidSettingException refusal(Path file, String content, KnownSettings known) {
    Map<String, String> sections = new TreeMap<>();
    try {
      Properties properties = new Properties();
      properties.load(new StringReader(content));
      new TreeMap<>(properties)
          .forEach((key, value) -> put(sections, key.toString(), value.toString(), known));
    } catch (IOException | IllegalArgumentException e) {
      return new InvalidSettingException(
          "", file + ": properties are not read; write the keys as TOML");
    }
    StringBuilder toml = new StringBuilder();
    sections.forEach((section, lines) ->
        toml.append(section.isEmpty() ? "" : "\n[" + section + "]").append(lines));
    return new InvalidSettingException(
        "",
        file + ": properties are not read; write the same keys as TOML, in a .toml file:" + toml);
  }

  private static void put(
      Map<String, String> sections, String key, String value, KnownSettings known) {
    Optional<Setting<?>> setting = known.of(key);
    String section = setting.map(found -> section(found)).orElse(before(key));
    String name = section.isEmpty() ? key : key.substring(section.length() + 1);
    String line =
        setting.isPresent()
            ? name + " = " + literal(setting.get(), key, value)
            : "# not known: " + name;
    sections.merge(section, "\n" + line, String::concat);
  }

  private static String section(Setting<?> setting) {
    return setting.form().table() ? setting.key() : setting.section();
  }

  private static String before(String key) {
    return key.substring(0, Math.max(0, key.indexOf('.')));
  }

  private static <T> String literal(Setting<T> setting, String key, String value) {
    if (setting.secret().test(key)) {
      return Setting.quoted(Setting.HIDDEN);
    }
    if (setting.form().table()) {
      return Setting.quoted(value);
    }
    try {
      return setting
          .form()
          .writes()
          .apply(
              setting
                  .form()
                  .reads()
                  .apply(
                      TomlSource.argument(
                          key, value, setting.fallback() instanceof java.util.List)));
    } catch (RuntimeException e) {
      return Setting.quoted(value);
    }
  }
}
