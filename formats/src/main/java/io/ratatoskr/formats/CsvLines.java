package io.ratatoskr.formats;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads lines of CSV (RFC 4180) with a header. An id is a string, whatever its digits. */
final class CsvLines extends LineParser {
  private final LineInput input;
  private @Nullable Columns columns;

  /** The positions, by the header, of the columns that the job needs. */
  private record Columns(int count, List<Integer> question, int id, List<Integer> kept) {}

  CsvLines(List<String> parts, LineInput input) {
    super(parts);
    this.input = input;
  }

  @Override
  @Nullable Line parse(long number, String content) {
    if (content.isEmpty()) {
      return null;
    }
    List<String> fields;
    try {
      fields = fields(content);
    } catch (CsvParseException e) {
      return unreadable(number, Line.Refusal.INVALID_INPUT, "broken CSV: " + e.getMessage());
    }
    if (columns == null) {
      columns = columns(fields);
      return null;
    }
    if (fields.size() != columns.count()) {
      return invalid(
          number,
          null,
          "the record has " + fields.size() + " fields, the header " + columns.count());
    }
    List<@Nullable String> kept = new ArrayList<>();
    for (int index : columns.kept()) {
      kept.add(fields.get(index));
    }
    String id = fields.get(columns.id());
    List<String> question = columns.question().stream().map(fields::get).toList();
    return line(number, id.isEmpty() ? null : new Line.Id(id, false), question, kept);
  }

  @Override
  boolean hasHeader() {
    return true;
  }

  @Override
  Line unreadable(long number, String code, String reason) {
    if (columns == null) { // the next line is none either
      throw new InputUnusable("the input has no header with names of columns: " + reason, null);
    }
    return super.unreadable(number, code, reason);
  }

  private static List<String> fields(String content) {
    Iterator<CsvRecord> records =
        CsvReader.builder().skipEmptyLines(false).ofCsvRecord(content).iterator();
    List<String> fields = records.next().getFields();
    if (records.hasNext()) {
      throw new CsvParseException("a carriage return outside quotes");
    }
    return fields;
  }

  private Columns columns(List<String> header) {
    return new Columns(
        header.size(),
        input.fields().stream().map(field -> column(header, field)).toList(),
        column(header, input.idField()),
        input.keep().stream().map(field -> column(header, field)).toList());
  }

  private static int column(List<String> header, String name) {
    int index = header.indexOf(name);
    if (index < 0) {
      throw new InputUnusable(
          "the input has no column '" + name + "'; its header names " + header, null);
    }
    int second = header.subList(index + 1, header.size()).indexOf(name);
    if (second >= 0) {
      throw new InputUnusable(
          "the input has two columns '%s', the %d. and the %d.; rename one"
              .formatted(name, index + 1, index + second + 2),
          null);
    }
    return index;
  }
}
