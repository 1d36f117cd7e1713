package io.ratatoskr.formats;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/** Writes one column of a row group: its values in plain encoding, in pages of about 1 MiB. */
final class ParquetColumn {
  private static final int PAGE_BYTES = 1 << 20;
  private static final int ZSTD_LEVEL = 1;

  private final GrowingFile file;
  private final long begin;
  private final ByteArrayOutputStream page = new ByteArrayOutputStream();
  private long values;
  private long uncompressed;

  private ParquetColumn(GrowingFile file) throws IOException {
    this.file = file;
    this.begin = file.length();
  }

  /** Writes values, all of the column's type. */
  static ColumnChunk write(GrowingFile file, Column column, List<Value> values) throws IOException {
    ParquetColumn chunk = new ParquetColumn(file);
    String name = column.name();
    return switch (column.type()) {
      case TEXT -> chunk.required(Type.BYTE_ARRAY, name, values);
      case NUMBER -> chunk.required(Type.FLOAT, name, values);
      case OPTIONAL_NUMBER -> chunk.optional(Type.FLOAT, name, values);
      case FLAG -> chunk.flags(name, values);
      case NUMBERS -> chunk.lists(Type.FLOAT, name, values);
      case TEXTS -> chunk.lists(Type.BYTE_ARRAY, name, values);
    };
  }

  private ColumnChunk required(Type type, String name, List<Value> cells) throws IOException {
    int count = 0;
    for (Value cell : cells) {
      put(cell);
      count++;
      if (page.size() > PAGE_BYTES) {
        flush(new byte[0], count);
        count = 0;
      }
    }
    flush(new byte[0], count);
    return chunk(type, List.of(name));
  }

  private ColumnChunk optional(Type type, String name, List<Value> cells) throws IOException {
    Levels present = new Levels();
    for (Value cell : cells) {
      present.add(cell instanceof Value.NoReal ? 0 : 1, 1);
      put(cell);
      if (page.size() > PAGE_BYTES) {
        flush(present.bytes(), present.count());
        present = new Levels();
      }
    }
    flush(present.bytes(), present.count());
    return chunk(type, List.of(name));
  }

  private ColumnChunk flags(String name, List<Value> cells) throws IOException {
    byte[] bits = new byte[(cells.size() + 7) / 8];
    for (int i = 0; i < cells.size(); i++) {
      if (cells.get(i) instanceof Value.Flag flag && flag.set()) {
        bits[i / 8] |= (byte) (1 << (i % 8));
      }
    }
    page.writeBytes(bits);
    flush(new byte[0], cells.size());
    return chunk(Type.BOOLEAN, List.of(name));
  }

  private ColumnChunk lists(Type type, String name, List<Value> cells) throws IOException {
    // A value's repetition level is 0 where it begins a list; its definition level is 1 where the
    // list has any.
    Levels repetition = new Levels();
    Levels definition = new Levels();
    for (Value cell : cells) {
      int length = put(cell);
      repetition.add(0, 1);
      repetition.add(1, Math.max(0, length - 1));
      definition.add(length == 0 ? 0 : 1, Math.max(1, length));
      if (page.size() > PAGE_BYTES) {
        flush(concat(repetition.bytes(), definition.bytes()), repetition.count());
        repetition = new Levels();
        definition = new Levels();
      }
    }
    flush(concat(repetition.bytes(), definition.bytes()), repetition.count());
    return chunk(type, List.of(name, "list", "element"));
  }

  /** Appends a cell's values to the page, and says how many they are. */
  private int put(Value cell) {
    switch (cell) {
      case Value.Text text -> putString(text.text());
      case Value.Real number -> putFloats(new float[] {number.number()});
      case Value.Reals numbers -> {
        putFloats(numbers.numbers());
        return numbers.numbers().length;
      }
      case Value.Texts texts -> {
        texts.texts().forEach(this::putString);
        return texts.texts().size();
      }
      case Value.NoReal _ -> {
        return 0;
      }
      case Value.Flag _ -> throw new IllegalArgumentException("flags are written as bits");
    }
    return 1;
  }

  static ColumnChunk optionalStrings(GrowingFile file, String name, List<@Nullable String> strings)
      throws IOException {
    ParquetColumn column = new ParquetColumn(file);
    Levels present = new Levels();
    for (String string : strings) {
      present.add(string == null ? 0 : 1, 1);
      if (string != null) {
        column.putString(string);
      }
      if (column.page.size() > PAGE_BYTES) {
        column.flush(present.bytes(), present.count());
        present = new Levels();
      }
    }
    column.flush(present.bytes(), present.count());
    return column.chunk(Type.BYTE_ARRAY, List.of(name));
  }

  private void putString(String string) {
    byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
    page.writeBytes(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length).array());
    page.writeBytes(bytes);
  }

  private void putFloats(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    page.writeBytes(bytes.array());
  }

  private void flush(byte[] levels, int count) throws IOException {
    if (count == 0) {
      return;
    }
    byte[] raw = concat(levels, page.toByteArray());
    byte[] compressed = Zstd.compress(raw, ZSTD_LEVEL);
    PageHeader header = new PageHeader(PageType.DATA_PAGE, raw.length, compressed.length);
    header.setData_page_header(
        new DataPageHeader(count, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    Util.writePageHeader(header, head);
    file.append(head.toByteArray(), head.size());
    file.append(compressed, compressed.length);
    values += count;
    uncompressed += head.size() + raw.length;
    page.reset();
  }

  private ColumnChunk chunk(Type type, List<String> path) throws IOException {
    ColumnMetaData metaData =
        new ColumnMetaData(
            type,
            List.of(Encoding.PLAIN, Encoding.RLE),
            path,
            CompressionCodec.ZSTD,
            values,
            uncompressed,
            file.length() - begin,
            begin);
    ColumnChunk chunk = new ColumnChunk(begin);
    chunk.setMeta_data(metaData);
    return chunk;
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  /** Levels of one bit as run-length-encoded runs, with their length in front. */
  private static final class Levels {
    private final ByteArrayOutputStream runs = new ByteArrayOutputStream();
    private int level;
    private int run;
    private int count;

    void add(int newLevel, int times) {
      if (newLevel != level) {
        endRun();
        level = newLevel;
      }
      run += times;
      count += times;
    }

    int count() {
      return count;
    }

    byte[] bytes() {
      endRun();
      return ByteBuffer.allocate(4 + runs.size())
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(runs.size())
          .put(runs.toByteArray())
          .array();
    }

    private void endRun() {
      if (run == 0) {
        return;
      }
      // The lowest bit 0 says that it is a run; a number of seven bits a byte, lowest first.
      int rest = run << 1;
      while (rest > 0x7F) {
        runs.write((rest & 0x7F) | 0x80);
        rest >>>= 7;
      }
      runs.write(rest);
      runs.write(level);
      run = 0;
    }
  }
}
