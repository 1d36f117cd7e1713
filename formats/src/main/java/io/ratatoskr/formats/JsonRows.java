package io.ratatoskr.formats;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Rows as JSON lines, one object a row. A number has the fewest digits that give the same float
 * back.
 */
public final class JsonRows {
  private static final JsonFactory JSON = new JsonFactory();

  private final List<Column> columns;
  private final List<String> keep;

  /**
   * @param columns columns beside the id
   * @param keep names of the kept fields, which stand after the columns
   */
  public JsonRows(List<Column> columns, List<String> keep) {
    this.columns = List.copyOf(columns);
    this.keep = List.copyOf(keep);
  }

  /** Appends a row and its line break. */
  public void write(Row row, ByteArrayOutputStream to) {
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), to)) {
      out.writeStartObject();
      writeId(out, row.id());
      for (int i = 0; i < columns.size(); i++) {
        write(out, columns.get(i).name(), row.values().get(i));
      }
      for (int i = 0; i < keep.size(); i++) {
        out.writeName(keep.get(i));
        writeNullable(out, row.kept().get(i));
      }
      out.writeEndObject();
    }
    to.write('\n');
  }

  static void writeId(JsonGenerator out, Line.Id id) {
    out.writeName("id");
    if (id.number()) {
      out.writeRawValue(id.value());
    } else {
      out.writeString(id.value());
    }
  }

  private static void write(JsonGenerator out, String name, Value value) {
    switch (value) {
      case Value.Text text -> out.writeStringProperty(name, text.text());
      case Value.Flag flag -> {
        if (flag.set()) {
          out.writeBooleanProperty(name, true);
        }
      }
      case Value.Real number -> out.writeNumberProperty(name, number.number());
      case Value.NoReal _ -> out.writeNullProperty(name);
      case Value.Reals numbers -> {
        out.writeArrayPropertyStart(name);
        for (float number : numbers.numbers()) {
          out.writeNumber(number);
        }
        out.writeEndArray();
      }
      case Value.Texts texts -> {
        out.writeArrayPropertyStart(name);
        texts.texts().forEach(out::writeString);
        out.writeEndArray();
      }
    }
  }

  private static void writeNullable(JsonGenerator out, @Nullable String value) {
    if (value == null) {
      out.writeNull();
    } else {
      out.writeString(value);
    }
  }
}
