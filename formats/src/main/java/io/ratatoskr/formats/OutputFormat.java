package io.ratatoskr.formats;

import java.util.Locale;
import java.util.Optional;

/** The formats of outputs. */
public enum OutputFormat {
  /** One JSON object a line. */
  JSONL,
  /** Apache Parquet, zstd, one row group for each block. */
  PARQUET;

  /** The format of a file of that name; none if the extension is not known. */
  public static Optional<OutputFormat> ofFileName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (OutputFormat format : values()) {
      if (lower.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
