package io.ratatoskr.formats;

import io.ratatoskr.formats.Line.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a question of a line; one implementation for each format. */
abstract sealed class LineParser permits JsonLines, PlainLines, CsvLines {
  /** Longest question, in bytes of UTF-8: leaves room in a request for everything else. */
  static final int MAX_QUESTION_BYTES = 512 * 1024;

  private final List<String> parts;

  /**
   * @param parts names of what a line holds
   */
  LineParser(List<String> parts) {
    this.parts = parts;
  }

  static LineParser of(LineInput input, List<String> parts) {
    return switch (input.format()) {
      case JSONL -> new JsonLines(parts, input);
      case TXT -> new PlainLines(parts);
      case CSV -> new CsvLines(parts, input);
    };
  }

  /** Parses a line; null where it is to be skipped. */
  final @Nullable Line parse(LineReader.Raw raw) {
    if (raw.tooLong()) {
      return unreadable(
          raw.number(),
          Refusal.TOO_LARGE,
          "the line is longer than " + raw.bytes().length + " bytes");
    }
    String content;
    try {
      content = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw.bytes())).toString();
    } catch (CharacterCodingException e) {
      return unreadable(raw.number(), Refusal.INVALID_INPUT, "the line is not valid UTF-8");
    }
    return parse(raw.number(), content);
  }

  abstract @Nullable Line parse(long number, String content);

  /** Whether the input begins with a line that says what the others hold. */
  boolean hasHeader() {
    return false;
  }

  /** The line in place of one that cannot be read at all. */
  Line unreadable(long number, String code, String reason) {
    return bad(number, null, code, reason);
  }

  /** The line of an id and texts that were found, after the checks that all formats share. */
  final Line line(
      long number, Line.@Nullable Id id, List<String> texts, List<@Nullable String> kept) {
    if (id == null) {
      return invalid(number, null, "the line has no id");
    }
    if (id.value().isEmpty()) {
      return invalid(number, null, "the id is empty");
    }
    if (Line.utf8Length(id.value()) < 0) {
      return invalid(number, null, "the id holds half a surrogate pair");
    }
    int bytes = 0;
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      if (text.isBlank()) {
        return invalid(number, id, "the " + parts.get(i) + " is empty");
      }
      int length = Line.utf8Length(text);
      if (length < 0) {
        return invalid(number, id, "the " + parts.get(i) + " holds half a surrogate pair");
      }
      bytes += length;
    }
    if (bytes > MAX_QUESTION_BYTES) {
      return bad(
          number,
          id,
          Refusal.TOO_LARGE,
          "the "
              + String.join(" and the ", parts)
              + (parts.size() == 1 ? " has " : " have ")
              + bytes
              + " bytes, more than "
              + MAX_QUESTION_BYTES);
    }
    for (String field : kept) {
      if (field != null && Line.utf8Length(field) < 0) {
        return invalid(number, id, "a field to keep holds half a surrogate pair");
      }
    }
    return new Line.Good(number, id, texts, bytes, kept);
  }

  static Line.Bad invalid(long number, Line.@Nullable Id id, String reason) {
    return bad(number, id, Refusal.INVALID_INPUT, reason);
  }

  private static Line.Bad bad(long number, Line.@Nullable Id id, String code, String reason) {
    return new Line.Bad(number, Optional.ofNullable(id), new Refusal(code, reason));
  }
}
