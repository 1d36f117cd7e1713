package io.ratatoskr.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads one TOML file; dotted keys, tables and tables in tables are all the same to it. */
public final class TomlSource {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$?\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final Path file;
  private final KnownSettings known;
  private final Map<String, String> environment;
  private final Map<String, Values.Given> found = new HashMap<>();
  private final Map<String, Map<String, Values>> entries = new HashMap<>();
  private final List<InvalidSettingException> mistakes;

  private TomlSource(
      Path file,
      KnownSettings known,
      Map<String, String> environment,
      List<InvalidSettingException> mistakes) {
    this.file = file;
    this.known = known;
    this.environment = environment;
    this.mistakes = mistakes;
  }

  /**
   * The values of a file, each of which its setting takes.
   *
   * @param environment what <code>${VAR}</code> in a text stands for; <code>${VAR:-text}</code> is
   *     the text where there is no VAR, and <code>$${</code> is <code>${</code>
   * @throws InvalidSettingsException with everything that is wrong, each with its line
   */
  public static Values read(Path file, KnownSettings known, Map<String, String> environment) {
    List<InvalidSettingException> mistakes = new ArrayList<>();
    Values values = read(file, known, environment, mistakes);
    if (!mistakes.isEmpty()) {
      throw new InvalidSettingsException(mistakes);
    }
    return values;
  }

  /**
   * The same of a text that stands in no file.
   *
   * @param name where it stands, for messages
   */
  public static Values parse(
      String name, String content, KnownSettings known, Map<String, String> environment) {
    List<InvalidSettingException> mistakes = new ArrayList<>();
    TomlSource source = new TomlSource(Path.of(name), known, environment, mistakes);
    source.read(content);
    if (!mistakes.isEmpty()) {
      throw new InvalidSettingsException(mistakes);
    }
    return new Values(source.found, source.entries);
  }

  /** The same, which adds what is wrong to {@code mistakes}. */
  static Values read(
      Path file,
      KnownSettings known,
      Map<String, String> environment,
      List<InvalidSettingException> mistakes) {
    TomlSource source = new TomlSource(file, known, environment, mistakes);
    source.content().ifPresent(source::read);
    return new Values(source.found, source.entries);
  }

  private Optional<String> content() {
    String problem;
    try {
      String content = Files.readString(file);
      if (file.toString().endsWith(".properties")) {
        mistakes.add(PropertiesFile.refusal(file, content, known));
        return Optional.empty();
      }
      return Optional.of(
          content.startsWith(BYTE_ORDER_MARK)
              ? content.substring(BYTE_ORDER_MARK.length())
              : content);
    } catch (NoSuchFileException e) {
      problem = "there is no such file";
    } catch (CharacterCodingException e) {
      problem = "is not UTF-8 text";
    } catch (IOException e) {
      problem = "cannot be read: " + e.getMessage();
    }
    mistakes.add(new InvalidSettingException("", file + ": " + problem));
    return Optional.empty();
  }

  private void read(String content) {
    TomlParseResult parsed = Toml.parse(content);
    if (parsed.hasErrors()) {
      parsed
          .errors()
          .forEach(error ->
              mistakes.add(
                  new InvalidSettingException(
                      "", String.valueOf(error.getMessage()), at(error.position()))));
      return;
    }
    table("", parsed);
  }

  private Origin at(@Nullable TomlPosition position) {
    return position == null
        ? new Origin.Line(file, 1, 1)
        : new Origin.Line(file, position.line(), position.column());
  }

  private void table(String prefix, TomlTable table) {
    for (String name : table.keySet()) {
      List<String> path = List.of(name);
      String key = prefix.isEmpty() ? name : prefix + "." + name;
      Origin origin = at(table.inputPositionOf(path));
      Object content = table.get(path);
      Optional<Section> repeated = known.repeated(key);
      if (repeated.filter(Section::isNamedInHeader).isPresent()
          && content instanceof TomlTable inner) {
        namedEntries(repeated.get(), inner);
      } else if (content instanceof TomlTable inner) {
        if (known.hasSection(key)) {
          table(key, inner);
        } else if (known.of(key).isPresent()) {
          mistakes.add(new InvalidSettingException(key, "takes a value, not a table", origin));
        } else {
          mistakes.add(known.unknownSection(key, origin));
        }
      } else if (content instanceof TomlArray array && holdsTables(array)) {
        repeated
            .filter(section -> !section.isNamedInHeader())
            .ifPresentOrElse(
                section -> entries(section, array), () -> mistakes.add(tables(key, origin)));
      } else if (content != null) {
        value(key, content, origin);
      }
    }
  }

  private static boolean holdsTables(TomlArray array) {
    return array.toList().stream().anyMatch(TomlTable.class::isInstance);
  }

  /** Reads each table of a repeated section as an entry, which its first key names. */
  private void entries(Section section, TomlArray array) {
    Map<String, Values> all = new LinkedHashMap<>();
    String identity = section.identity().key();
    for (int i = 0; i < array.size(); i++) {
      Origin place = at(array.inputPositionOf(i));
      if (!(array.get(i) instanceof TomlTable table)) {
        mistakes.add(new InvalidSettingException(section.header(), "holds a value", place));
        continue;
      }
      TomlSource entry =
          new TomlSource(file, KnownSettings.ofEntry(section), environment, mistakes);
      entry.table(section.name(), table);
      Values values = Values.entry(entry.found, place, false);
      if (values.origin(identity).isPresent()) {
        String name = String.valueOf(section.identity().of(values));
        Values earlier = all.putIfAbsent(name, values);
        if (earlier != null) {
          mistakes.add(twice(identity, name, values, earlier));
        }
      } else if (!table.contains(List.of(section.identity().name()))) {
        mistakes.add(new InvalidSettingException(identity, "must be given", place));
      }
    }
    entries.put(section.name(), all);
  }

  /** Reads each table in the section's as an entry, which its header names. */
  private void namedEntries(Section section, TomlTable tables) {
    Map<String, Values> all = new LinkedHashMap<>();
    Setting<?> identity = section.identity();
    for (String name : tables.keySet()) {
      List<String> path = List.of(name);
      Origin place = at(tables.inputPositionOf(path));
      if (!(tables.get(path) instanceof TomlTable table)) {
        mistakes.add(
            new InvalidSettingException(
                section.name() + "." + name, KnownSettings.manner(section), place));
        continue;
      }
      TomlSource entry =
          new TomlSource(file, KnownSettings.ofEntry(section), environment, mistakes);
      entry.table(section.name(), table);
      if (entry.found.containsKey(identity.key())) {
        mistakes.add(
            new InvalidSettingException(
                identity.key(),
                "stands in the header alone: [%s.%s]".formatted(section.name(), name),
                entry.found.get(identity.key()).origin()));
        continue;
      }
      entry.found.put(
          identity.key(), new Values.Given(identity.key(), new RawValue.Text(name), place));
      Values values = Values.entry(entry.found, place, true);
      try {
        var unused = identity.of(values);
        all.put(name, values);
      } catch (InvalidSettingException e) {
        mistakes.add(e);
      }
    }
    entries.put(section.name(), all);
  }

  private static InvalidSettingException twice(
      String key, String name, Values values, Values earlier) {
    return new InvalidSettingException(
        key,
        "%s stands twice; it is at %s already"
            .formatted(Setting.quoted(name), earlier.origin(key).orElseThrow()),
        values.origin(key).orElseThrow());
  }

  /** The exception for {@code [[key]]}, which no setting takes. */
  private InvalidSettingException tables(String key, Origin origin) {
    String spelt = "[[" + key + "]]";
    if (known.elsewhere().containsKey(spelt)) {
      return new InvalidSettingException(
          spelt, String.valueOf(known.elsewhere().get(spelt)), origin);
    }
    if (known.repeated(key).isPresent()) {
      return new InvalidSettingException(
          spelt, KnownSettings.manner(known.repeated(key).get()), origin);
    }
    return known.hasSection(key)
        ? new InvalidSettingException(spelt, "is one section: write [" + key + "], once", origin)
        : known.unknownSection(key, origin);
  }

  private void value(String key, Object content, Origin origin) {
    Optional<Setting<?>> setting = known.of(key);
    if (setting.isEmpty()) {
      mistakes.add(
          known.hasSection(key)
              ? new InvalidSettingException(
                  key, "is a section: write [" + key + "] and its keys below", origin)
              : known.unknown(key, origin));
      return;
    }
    boolean table = setting.get().form().table();
    try {
      RawValue value;
      if (content instanceof TomlArray array) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
          if (array.get(i) instanceof TomlArray) {
            throw new InvalidSettingException(key, "holds a list in a list");
          }
          texts.add(resolve(key, array.get(i), table));
        }
        value = table ? new RawValue.Text(String.join(",", texts)) : new RawValue.Many(texts);
      } else {
        value = new RawValue.Text(resolve(key, content, table));
      }
      Values one = new Values(Map.of(key, new Values.Given(key, value, origin)));
      setting.get().of(one);
      found.put(key, new Values.Given(key, value, origin));
    } catch (InvalidSettingException e) {
      mistakes.add(e.at(origin));
    }
  }

  /** A text with what its references stand for. */
  private String resolve(String key, Object content, boolean foreign) {
    if (!(content instanceof String text)) {
      return content.toString();
    }
    StringBuilder resolved = new StringBuilder();
    Matcher reference = REFERENCE.matcher(text);
    int end = 0;
    while (reference.find()) {
      resolved.append(text, end, reference.start());
      end = reference.end();
      resolved.append(
          reference.group().startsWith("$$")
              ? reference.group().substring(1)
              : variable(key, reference.group(1), reference.group(2)));
    }
    resolved.append(text, end, text.length());
    // What Kafka's own providers of configuration put in has a colon, and is Kafka's to read.
    if (!foreign && text.replace("$${", "").replaceAll(REFERENCE.pattern(), "").contains("${")) {
      throw new InvalidSettingException(
          key, "has a ${ that is no variable: write ${NAME} or ${NAME:-default}, or $${ for ${");
    }
    return resolved.toString();
  }

  private String variable(String key, String name, @Nullable String fallback) {
    String value = environment.get(name);
    if (value != null) {
      return value;
    }
    if (fallback != null) {
      return fallback;
    }
    throw new InvalidSettingException(
        key,
        "the environment has no variable %s; set it, or write ${%s:-default}"
            .formatted(name, name));
  }

  /**
   * A value on a command line or in the environment: a TOML list where it looks like one.
   *
   * @throws InvalidSettingException naming the key where it does not read as one
   */
  static RawValue argument(String key, String text, boolean list) {
    String stripped = text.strip();
    if (!list) {
      return new RawValue.Text(text);
    }
    if (!stripped.startsWith("[")) {
      return new RawValue.Many(List.of(stripped.split(",", -1)));
    }
    TomlParseResult parsed = Toml.parse("value = " + stripped);
    if (parsed.hasErrors() || !(parsed.get("value") instanceof TomlArray array)) {
      throw new InvalidSettingException(key, "is no list such as [\"a\", \"b\"]: " + text);
    }
    return new RawValue.Many(array.toList().stream().map(Object::toString).toList());
  }
}
