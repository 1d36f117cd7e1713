package io.ratatoskr.schemas;

/**
 * A topic prefix, and the only boundary of trust: Kafka tells a consumer nothing about a record's
 * producer, and its access control works on topic names.
 *
 * @param prefix letters, digits, {@code .}, {@code _} and {@code -}, at most 100; nothing under
 *     {@code ratatoskr.sys}
 */
public record Domain(String prefix) {
  private static final int LONGEST = 100;

  /** The domain of a deployment with one tenant. */
  public static final Domain DEFAULT = new Domain("ratatoskr.default");

  public Domain {
    if (!isLegal(prefix)) {
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

  /** Every flight that is read from the store passes here, hence no pattern. */
  private static boolean isLegal(String prefix) {
    int last = prefix.length() - 1;
    if (last < 0
        || last >= LONGEST
        || !isAlphanumeric(prefix.charAt(0))
        || !isAlphanumeric(prefix.charAt(last))) {
      return false;
    }
    for (int i = 1; i < last; i++) {
      char each = prefix.charAt(i);
      if (!isAlphanumeric(each) && "._-".indexOf(each) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char character) {
    return (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || (character >= '0' && character <= '9');
  }

  @Override
  public String toString() {
    return prefix;
  }
}
