package io.ratatoskr.bulk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** One JSON object a row. A component has the fewest digits that give the same float back. */
final class JsonLinesRows implements RowFile {
  private static final JsonFactory JSON = new JsonFactory();

  private final GrowingFile file;
  private final List<String> keep;

  JsonLinesRows(GrowingFile file, List<String> keep) {
    this.file = file;
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
        writeId(out, row.line().id());
        out.writeName("embedding");
        out.writeStartArray();
        for (float component : row.vector().values()) {
          out.writeNumber(component);
        }
        out.writeEndArray();
        out.writeStringProperty("model", row.vector().model());
        out.writeStringProperty("space_id", row.vector().spaceId());
        if (row.vector().truncated()) {
          out.writeBooleanProperty("truncated", true);
        }
        for (int i = 0; i < keep.size(); i++) {
          out.writeName(keep.get(i));
          writeNullable(out, row.line().kept().get(i));
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

  /** One error line: {@code {"line", "id", "code", "reason"}}. */
  static byte[] errorLine(Line line, Line.Refusal refusal) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      out.writeStartObject();
      out.writeNumberProperty("line", line.number());
      switch (line) {
        case Line.Text text -> writeId(out, text.id());
        case Line.Bad bad ->
            bad.id().ifPresentOrElse(id -> writeId(out, id), () -> out.writeNullProperty("id"));
      }
      out.writeStringProperty("code", refusal.code());
      out.writeStringProperty("reason", refusal.reason());
      out.writeEndObject();
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private static void writeId(JsonGenerator out, Line.Id id) {
    out.writeName("id");
    if (id.number()) {
      out.writeRawValue(id.value());
    } else {
      out.writeString(id.value());
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
