package io.ratatoskr.schemas;

import java.util.regex.Pattern;

/**
 * A topic prefix, and the only boundary of trust: Kafka tells a consumer nothing about a record's
 * producer, and its access control works on topic names.
 *
 * @param prefix letters, digits, {@code .}, {@code _} and {@code -}, at most 100; nothing under
 *     {@code ratatoskr.sys}
 */
public record Domain(String prefix) {
  private static final Pattern LEGAL =
      Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9._-]{0,98}[a-zA-Z0-9])?");

  /** The domain of a deployment with one tenant. */
  public static final Domain DEFAULT = new Domain("ratatoskr.default");

  public Domain {
    if (!LEGAL.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "domain: '"
              + prefix
              + "' is no topic prefix; use 1 to 100 letters, digits, '.', '_', '-'");
    }
    if (prefix.equals(Topics.SYSTEM_PREFIX) || prefix.startsWith(Topics.SYSTEM_PREFIX + ".")) {
      throw new IllegalArgumentException(
          "domain: '" + prefix + "' belongs to the router; choose another prefix");
    }
  }

  @Override
  public String toString() {
    return prefix;
  }
}
