package io.ratatoskr.settings;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One key of a configuration: its name, default, allowed values and meaning, declared once.
 *
 * @param key {@code section.name}, lower case with hyphens; a name alone in a file without sections
 * @param form how a value is written
 * @param fallback the default
 * @param allowed the values that {@code accepts} takes, for people
 * @param accepts whether a value is allowed
 * @param secret whether the text may hold secrets, so that nothing shows it; asked with the key
 * @param live whether a new value is taken while the program runs
 * @param doc meaning and unit, one sentence or two
 */
public record Setting<T>(
    String key,
    Form<T> form,
    T fallback,
    String allowed,
    Predicate<T> accepts,
    Predicate<String> secret,
    boolean live,
    String doc) {
  /** The text in place of a secret. */
  public static final String HIDDEN = "****";

  /**
   * The written form of a type's values.
   *
   * @param noun what such a value is, for a refusal: "a whole number"
   * @param reads makes one of what was given; refuses anything else
   * @param writes one as TOML
   */
  public record Form<T>(
      String noun, Function<RawValue, T> reads, Function<T, String> writes, boolean table) {

    private static <T> Form<T> of(
        String noun, Function<String, T> reads, Function<T, String> writes) {
      return new Form<>(noun, value -> reads.apply(one(value)), writes, false);
    }

    private static String one(RawValue value) {
      if (value instanceof RawValue.Text text) {
        return text.text().strip();
      }
      throw new IllegalArgumentException("one value, not several");
    }
  }

  private static <T> Setting<T> of(
      String key, Form<T> form, T fallback, String allowed, Predicate<T> accepts, String doc) {
    return new Setting<>(key, form, fallback, allowed, accepts, any -> false, false, doc);
  }

  /** A number within inclusive bounds. */
  public static Setting<Integer> integer(String key, int fallback, int min, int max, String doc) {
    return of(
        key,
        Form.of("a whole number", Integer::valueOf, value -> Integer.toString(value)),
        fallback,
        bounds(Integer.toString(min), max == Integer.MAX_VALUE ? "" : Integer.toString(max)),
        value -> value >= min && value <= max,
        doc);
  }

  /** A number of bytes within inclusive bounds; its text is a number or such as {@code 64MiB}. */
  public static Setting<Long> size(String key, long fallback, long min, long max, String doc) {
    return of(
        key,
        Form.of("a size such as 64KiB or 256MiB", SizeText::read, value -> size(value)),
        fallback,
        bounds(SizeText.write(min), max == Long.MAX_VALUE ? "" : SizeText.write(max)),
        value -> value >= min && value <= max,
        doc);
  }

  private static String size(long bytes) {
    String text = SizeText.write(bytes);
    return text.endsWith("B") ? quoted(text) : text;
  }

  /** A span of time within inclusive bounds; its text is such as {@code 30s}, or ISO 8601. */
  public static Setting<Duration> duration(
      String key, Duration fallback, Duration min, Duration max, String doc) {
    return of(
        key,
        Form.of(
            "a duration such as 500ms, 30s or 24h",
            DurationText::read,
            value -> quoted(DurationText.write(value))),
        fallback,
        bounds(DurationText.write(min), DurationText.write(max)),
        value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
        doc);
  }

  /** Text that a predicate takes. */
  public static Setting<String> text(
      String key, String fallback, String allowed, Predicate<String> accepts, String doc) {
    return of(
        key, Form.of("a text", text -> text, Setting::quoted), fallback, allowed, accepts, doc);
  }

  /** Text as it is written, with the blanks around it. */
  public static Setting<String> verbatim(String key, String fallback, String doc) {
    Form<String> form =
        new Form<>(
            "a text",
            value -> {
              if (value instanceof RawValue.Text text) {
                return text.text();
              }
              throw new IllegalArgumentException("one value, not several");
            },
            Setting::quoted,
            false);
    return of(key, form, fallback, "any text", text -> true, doc);
  }

  /** One of an enum's constants, whose texts are their names in lower case with hyphens. */
  public static <E extends Enum<E>> Setting<E> choice(String key, E fallback, String doc) {
    Map<String, E> byName = new LinkedHashMap<>();
    for (E constant : fallback.getDeclaringClass().getEnumConstants()) {
      byName.put(name(constant), constant);
    }
    return of(
        key,
        Form.of(
            "one of these",
            text ->
                Optional.ofNullable(byName.get(text))
                    .orElseThrow(() -> new IllegalArgumentException(text)),
            value -> quoted(name(value))),
        fallback,
        String.join(", ", byName.keySet()),
        value -> true,
        doc);
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether something is done. */
  public static Setting<Boolean> flag(String key, boolean fallback, String doc) {
    return of(
        key,
        Form.of(
            "one of these",
            text ->
                switch (text) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw new IllegalArgumentException(text);
                },
            value -> Boolean.toString(value)),
        fallback,
        "true or false",
        value -> true,
        doc);
  }

  /** Several texts, each of which a predicate takes; one text stands for a list of one. */
  public static Setting<List<String>> list(
      String key, List<String> fallback, String allowed, Predicate<String> accepts, String doc) {
    return of(
        key,
        new Form<>(
            "a list",
            Setting::texts,
            value -> value.stream().map(Setting::quoted).toList().toString(),
            false),
        fallback,
        allowed,
        value -> value.stream().allMatch(accepts),
        doc);
  }

  private static List<String> texts(RawValue value) {
    if (value instanceof RawValue.Text one) {
      return List.of(one.text().strip());
    }
    if (value instanceof RawValue.Many many) {
      return many.texts().stream().map(String::strip).toList();
    }
    throw new IllegalArgumentException("no list");
  }

  /** One value that is made of its text. {@code reads} refuses what is not allowed. */
  public static <T> Setting<T> scalar(
      String key, T fallback, String allowed, Function<String, T> reads, String doc) {
    return of(
        key,
        Form.of("one of these", reads, value -> quoted(value.toString())),
        fallback,
        allowed,
        value -> true,
        doc);
  }

  /**
   * All keys below this one, each with a value.
   *
   * @param others names below it that have settings of their own
   * @param reads makes a value of a name and its text; refuses what is not allowed
   */
  public static <T> Setting<Map<String, T>> table(
      String key,
      Collection<String> others,
      String allowed,
      BiFunction<String, String, T> reads,
      String doc) {
    return of(
        key,
        new Form<>(
            "a table",
            value -> {
              if (!(value instanceof RawValue.Table table)) {
                throw new IllegalArgumentException("no table");
              }
              Map<String, T> read = new TreeMap<>();
              table
                  .texts()
                  .forEach((name, text) -> {
                    if (!others.contains(name)) {
                      read.put(name, element(key, allowed, name, text, reads));
                    }
                  });
              return Map.copyOf(read);
            },
            Object::toString,
            true),
        Map.of(),
        allowed,
        value -> true,
        doc);
  }

  private static <T> T element(
      String key, String allowed, String name, String text, BiFunction<String, String, T> reads) {
    try {
      return reads.apply(name, text);
    } catch (InvalidSettingException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(
          key + "." + name, "must be " + allowed + ", is \"" + text + "\"");
    }
  }

  /** This setting, taken while the program runs. */
  public Setting<T> whileRunning() {
    return new Setting<>(key, form, fallback, allowed, accepts, secret, true, doc);
  }

  /** This setting, whose text may hold secrets. */
  public Setting<T> hidden() {
    return hiddenWhere(any -> true);
  }

  /** This table, in which the keys that a predicate takes may hold secrets. */
  public Setting<T> hiddenWhere(Predicate<String> holdsSecrets) {
    return new Setting<>(key, form, fallback, allowed, accepts, holdsSecrets, live, doc);
  }

  private static String bounds(String min, String max) {
    return max.isEmpty() ? min + " or more" : min + " to " + max;
  }

  /** A text as TOML. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(c -> {
          switch (c) {
            case '"' -> quoted.append("\\\"");
            case '\\' -> quoted.append("\\\\");
            case '\n' -> quoted.append("\\n");
            case '\t' -> quoted.append("\\t");
            default -> {
              if (c < ' ') {
                quoted.append("\\u%04x".formatted(c));
              } else {
                quoted.append((char) c);
              }
            }
          }
        });
    return quoted.append('"').toString();
  }

  /** The name behind the section. */
  public String name() {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /** The section; empty where the file has none. */
  public String section() {
    return key.substring(0, Math.max(0, key.lastIndexOf('.')));
  }

  /** A value as TOML, or what stands in the place of a secret. */
  String shown(T value) {
    return secret.test(key) && !value.equals(fallback)
        ? quoted(HIDDEN)
        : form.writes().apply(value);
  }

  /**
   * The value, if it is allowed.
   *
   * @throws InvalidSettingException naming the key and what it takes
   */
  public T check(T value) {
    if (!accepts.test(value)) {
      throw new InvalidSettingException(
          key,
          secret.test(key)
              ? "must be " + allowed
              : "must be " + allowed + ", is " + form.writes().apply(value));
    }
    return value;
  }

  /**
   * The value that was given, or the default.
   *
   * @throws InvalidSettingException naming its place, the key and what it takes
   */
  public T of(Values values) {
    Optional<RawValue> given = form.table() ? values.table(key) : values.value(key);
    return given.isEmpty() ? fallback : values.locate(() -> check(read(given.get())));
  }

  private T read(RawValue given) {
    try {
      return form.reads().apply(given);
    } catch (InvalidSettingException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new InvalidSettingException(
          key, "must be " + what() + (secret.test(key) ? "" : ", is " + literal(given)));
    }
  }

  private String what() {
    return form.noun().equals("one of these") ? allowed : form.noun() + ": " + allowed;
  }

  private static String literal(RawValue given) {
    if (given instanceof RawValue.Many many) {
      return many.texts().stream().map(Setting::quoted).toList().toString();
    }
    return given instanceof RawValue.Text text ? quoted(text.text()) : "a table";
  }
}
