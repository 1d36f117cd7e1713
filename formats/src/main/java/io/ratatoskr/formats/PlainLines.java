package io.ratatoskr.formats;

import java.util.List;

/**
 * Reads lines that are a text each, with the line's number as id. An empty line is an empty text.
 */
final class PlainLines extends LineParser {
  PlainLines(List<String> parts) {
    super(parts);
  }

  @Override
  Line parse(long number, String content) {
    return line(number, new Line.Id(Long.toString(number), true), List.of(content), List.of());
  }
}
