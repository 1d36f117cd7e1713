package io.ratatoskr.formats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** One JSON object a row. A number has the fewest digits that give the same float back. */
final class JsonLinesRows implements RowFile {
  private static final JsonFactory JSON = new JsonFactory();

  private final GrowingFile file;
  private final List<Column> columns;
  private final List<String> keep;

  JsonLinesRows(GrowingFile file, List<Column> columns, List<String> keep) {
    this.file = file;
    this.columns = columns;
    this.keep = keep;
  }

  @Override
  public void begin() {}

  @Override
  public byte[] append(List<Row> rows) throws IOException {
    Chunk chunk = new Chunk();
    for (Row row : rows) {
      try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), chunk)) {
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
      chunk.write('\n');
      if (chunk.size() > 1 << 20) {
        chunk.flushTo(file);
      }
    }
    chunk.flushTo(file);
    return new byte[0];
  }

  @Override
  public void finish(List<byte[]> blocks) {}

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

  /** Rows on their way to the file; gives its bytes away without a copy. */
  private static final class Chunk extends ByteArrayOutputStream {
    Chunk() {
      super(1 << 20);
    }

    void flushTo(GrowingFile file) throws IOException {
      file.append(buf, count);
      reset();
    }
  }
}
