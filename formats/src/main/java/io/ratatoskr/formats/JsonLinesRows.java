package io.ratatoskr.formats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** A file of {@link JsonRows}. */
final class JsonLinesRows implements RowFile {
  private final GrowingFile file;
  private final JsonRows rows;

  JsonLinesRows(GrowingFile file, List<Column> columns, List<String> keep) {
    this.file = file;
    this.rows = new JsonRows(columns, keep);
  }

  @Override
  public void begin() {}

  @Override
  public byte[] append(List<Row> block) throws IOException {
    Chunk chunk = new Chunk();
    for (Row row : block) {
      rows.write(row, chunk);
      if (chunk.size() > 1 << 20) {
        chunk.flushTo(file);
      }
    }
    chunk.flushTo(file);
    return new byte[0];
  }

  @Override
  public void finish(List<byte[]> blocks) {}

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
