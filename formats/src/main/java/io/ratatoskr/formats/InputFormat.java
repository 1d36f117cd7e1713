package io.ratatoskr.formats;

import java.util.Locale;
import java.util.Optional;

/** The formats of inputs. */
public enum InputFormat {
  /** One JSON object a line; lines of white space only are skipped. */
  JSONL,
  /** One text a line; the line's number is its id. */
  TXT,
  /** RFC 4180 with a header line; a record's line is its first. Empty lines are skipped. */
  CSV;

  /** The format of a file of that name, {@code .gz} aside; none if the extension is not known. */
  public static Optional<InputFormat> ofFileName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String plain = lower.endsWith(".gz") ? lower.substring(0, lower.length() - 3) : lower;
    for (InputFormat format : values()) {
      if (plain.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
