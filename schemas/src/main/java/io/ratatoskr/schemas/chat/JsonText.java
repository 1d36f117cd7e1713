package io.ratatoskr.schemas.chat;

import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;

/** Checks of texts that travel as JSON. */
final class JsonText {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private JsonText() {}

  /** Refuses what is no JSON object. */
  static void object(String key, String text) {
    try {
      if (JSON.readTree(text).isObject()) {
        return;
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          key + ": must be a JSON object; " + e.getOriginalMessage(), e);
    }
    throw new IllegalArgumentException(key + ": must be a JSON object, is other JSON");
  }

  /** Refuses names that providers refuse. */
  static void name(String key, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "%s: a name has 1 to 64 letters, digits, underscores and hyphens, not '%s'"
              .formatted(key, name));
    }
  }
}
