package io.ratatoskr.settings;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers of bytes as people write them: {@code 64KiB}, {@code 256MiB}, {@code 1GB}, {@code 512}.
 */
final class SizeText {
  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,18}) ?(B|[kK]i?B|[MGT]i?B)?", Pattern.CASE_INSENSITIVE);
  private static final List<String> UNITS = List.of("KiB", "MiB", "GiB", "TiB");

  private SizeText() {}

  /**
   * Bytes; units with an i count in 1024, those without in 1000.
   *
   * @throws IllegalArgumentException for anything else, and above a {@code long}
   */
  static long read(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw new IllegalArgumentException("no size: " + text);
    }
    String unit = size.group(2) == null ? "B" : size.group(2);
    long base = unit.length() == 3 ? 1024 : 1000;
    long factor = 1;
    for (int i = "BKMGT".indexOf(Character.toUpperCase(unit.charAt(0))); i > 0; i--) {
      factor *= base;
    }
    try {
      return Math.multiplyExact(Long.parseLong(size.group(1)), factor);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("too large: " + text, e);
    }
  }

  /** In the largest unit that needs no fraction. */
  static String write(long bytes) {
    long rest = bytes;
    String unit = "";
    for (String next : UNITS) {
      if (rest == 0 || rest % 1024 != 0) {
        break;
      }
      rest /= 1024;
      unit = next;
    }
    return rest + unit;
  }
}
