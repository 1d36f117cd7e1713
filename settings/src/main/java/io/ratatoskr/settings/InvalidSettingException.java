package io.ratatoskr.settings;

import org.jspecify.annotations.Nullable;

/** A value that is not allowed, or a key that is not known. The message never holds a secret. */
public final class InvalidSettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final String problem;
  private final transient @Nullable Origin origin;

  /**
   * The exception for a value that a program gave.
   *
   * @param key whose value it is
   * @param problem what is wrong and what is allowed, without the key
   */
  public InvalidSettingException(String key, String problem) {
    this(key, problem, null);
  }

  InvalidSettingException(String key, String problem, @Nullable Origin origin) {
    super(prefix(origin) + (key.isEmpty() ? "" : key + ": ") + problem);
    this.key = key;
    this.problem = problem;
    this.origin = origin;
  }

  private static String prefix(@Nullable Origin origin) {
    return origin == null || origin instanceof Origin.Program ? "" : origin + ": ";
  }

  /** The key; empty where a file as a whole is wrong. */
  public String key() {
    return key;
  }

  /** The same, saying where the value was given, unless it says so already. */
  InvalidSettingException at(@Nullable Origin place) {
    if (origin != null || place == null) {
      return this;
    }
    return new InvalidSettingException(key, problem, place);
  }
}
