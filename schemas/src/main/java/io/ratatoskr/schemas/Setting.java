package io.ratatoskr.schemas;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One key of a configuration: its name, default, allowed values and meaning, declared once.
 *
 * @param key name in files and options, lower case with hyphens
 * @param fallback the default
 * @param allowed the values that {@code accepts} takes, for people
 * @param accepts whether a value is allowed
 * @param reads makes a value of its text
 * @param secret whether the text may hold secrets, so that no message shows it
 * @param doc meaning and unit, one sentence or two
 */
public record Setting<T>(
    String key,
    T fallback,
    String allowed,
    Predicate<T> accepts,
    Function<String, T> reads,
    boolean secret,
    String doc) {

  /** A number within inclusive bounds. */
  public static Setting<Integer> integer(String key, int fallback, int min, int max, String doc) {
    return new Setting<>(
        key,
        fallback,
        bounds(Integer.toString(min), max == Integer.MAX_VALUE ? "" : Integer.toString(max)),
        value -> value >= min && value <= max,
        Integer::valueOf,
        false,
        doc);
  }

  /** A number within inclusive bounds. */
  public static Setting<Long> number(String key, long fallback, long min, long max, String doc) {
    return new Setting<>(
        key,
        fallback,
        bounds(Long.toString(min), max == Long.MAX_VALUE ? "" : Long.toString(max)),
        value -> value >= min && value <= max,
        Long::valueOf,
        false,
        doc);
  }

  /** A span of time within inclusive bounds; its text is ISO 8601, such as {@code PT30S}. */
  public static Setting<Duration> duration(
      String key, Duration fallback, Duration min, Duration max, String doc) {
    return new Setting<>(
        key,
        fallback,
        bounds(min.toString(), max.toString()),
        value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
        Duration::parse,
        false,
        doc);
  }

  /** Text that a predicate takes. */
  public static Setting<String> text(
      String key, String fallback, String allowed, Predicate<String> accepts, String doc) {
    return new Setting<>(key, fallback, allowed, accepts, text -> text, false, doc);
  }

  /** A value whose text may hold secrets; {@code reads} refuses what is not allowed. */
  public static <T> Setting<T> secret(
      String key, T fallback, String allowed, Function<String, T> reads, String doc) {
    return new Setting<>(key, fallback, allowed, value -> true, reads, true, doc);
  }

  private static String bounds(String min, String max) {
    return max.isEmpty() ? min + " or more" : min + " to " + max;
  }

  /**
   * The value, if it is allowed.
   *
   * @throws IllegalArgumentException naming the key and what it takes
   */
  public T check(T value) {
    if (!accepts.test(value)) {
      throw new IllegalArgumentException(key + ": must be " + allowed + ", is " + value);
    }
    return value;
  }

  /**
   * The value that {@code values} gives the key, or its default.
   *
   * @throws IllegalArgumentException naming the key and what it takes
   */
  public T of(Map<String, String> values) {
    String text = values.get(key);
    if (text == null) {
      return fallback;
    }
    T value;
    try {
      value = reads.apply(text.strip());
    } catch (RuntimeException e) {
      String refusal = key + ": must be " + allowed;
      throw secret
          ? new IllegalArgumentException(refusal)
          : new IllegalArgumentException(refusal + ", is " + text, e);
    }
    return check(value);
  }

  /** Of those values, the keys that one part has, and the properties of its Kafka clients. */
  public static Map<String, String> ofPart(List<Setting<?>> part, Map<String, String> values) {
    Map<String, String> own = new HashMap<>();
    values.forEach((key, value) -> {
      if (KafkaProperties.has(key)
          || part.stream().anyMatch(setting -> setting.key().equals(key))) {
        own.put(key, value);
      }
    });
    return own;
  }

  private String row() {
    String shown = fallback.toString().isEmpty() ? "" : "`" + fallback + "`";
    return "| `" + key + "` | " + shown + " | " + allowed + " | " + doc + " |\n";
  }

  /** A table of settings in Markdown, in the given order. */
  public static String markdown(List<? extends Setting<?>> settings) {
    StringBuilder table = new StringBuilder("| key | default | allowed | meaning |\n");
    table.append("|---|---|---|---|\n");
    for (Setting<?> setting : settings) {
      table.append(setting.row());
    }
    return table.toString();
  }
}
