package io.ratatoskr.gateway;

/** A provider's key. Only the interceptor that sends it sees it; its text is a mask. */
public final class Secret {
  private static final String MASK = "***";

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /**
   * A key.
   *
   * @throws IllegalArgumentException if it is empty or no header can hold it; the message does not
   *     hold it either
   */
  public static Secret of(String value) {
    String key = value.strip();
    if (key.isEmpty() || !key.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw new IllegalArgumentException(
          "key: is empty, or holds blanks or characters beyond ASCII");
    }
    return new Secret(key);
  }

  String reveal() {
    return value;
  }

  /** A text of the provider's, without the key. */
  String maskedIn(String text) {
    return text.replace(value, MASK);
  }

  @Override
  public String toString() {
    return MASK;
  }
}
