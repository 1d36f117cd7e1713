package io.ratatoskr.formats;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.ListType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/**
 * Rows as Apache Parquet: {@code id}, its columns, and the kept fields as optional strings. One row
 * group for each block, so that its rows are final once appended and a resumed writer goes on
 * behind them; the footer, which a reader needs first, comes last.
 *
 * <p>Written with the structures of the format itself: Parquet's own writer needs Hadoop's classes,
 * keeps its state in memory, and cannot go on with a file that was begun. Only plain pages of data
 * page version 1 are written, which every reader knows.
 *
 * @see <a href="https://parquet.apache.org/docs/file-format/">The file format</a>
 */
final class ParquetRows implements RowFile {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final Column ID = new Column("id", Column.Type.TEXT);
  private static final String CREATED_BY = "ratatoskr";

  private final GrowingFile file;
  private final List<Column> columns;
  private final List<String> keep;

  ParquetRows(GrowingFile file, List<Column> columns, List<String> keep) {
    this.file = file;
    this.columns = columns;
    this.keep = keep;
  }

  @Override
  public void begin() throws IOException {
    file.append(MAGIC, MAGIC.length);
  }

  @Override
  public byte[] append(List<Row> rows) throws IOException {
    if (rows.isEmpty()) {
      return new byte[0];
    }
    long begin = file.length();
    List<ColumnChunk> chunks = new ArrayList<>();
    List<Value> ids = new ArrayList<>(rows.size());
    rows.forEach(row -> ids.add(new Value.Text(row.id().value())));
    chunks.add(ParquetColumn.write(file, ID, ids));
    for (int i = 0; i < columns.size(); i++) {
      int column = i;
      List<Value> values = new ArrayList<>(rows.size());
      rows.forEach(row -> values.add(row.values().get(column)));
      chunks.add(ParquetColumn.write(file, columns.get(i), values));
    }
    for (int i = 0; i < keep.size(); i++) {
      int field = i;
      List<@Nullable String> values = new ArrayList<>(rows.size());
      rows.forEach(row -> values.add(row.kept().get(field)));
      chunks.add(ParquetColumn.optionalStrings(file, keep.get(i), values));
    }
    long uncompressed = 0;
    for (ColumnChunk chunk : chunks) {
      uncompressed += Objects.requireNonNull(chunk.getMeta_data()).getTotal_uncompressed_size();
    }
    RowGroup group = new RowGroup(chunks, uncompressed, rows.size());
    group.setFile_offset(begin);
    group.setTotal_compressed_size(file.length() - begin);
    return encode(new FileMetaData(1, List.of(), rows.size(), List.of(group)));
  }

  @Override
  public void finish(List<byte[]> blocks) throws IOException {
    List<RowGroup> groups = new ArrayList<>();
    long rows = 0;
    for (byte[] block : blocks) {
      if (block.length > 0) {
        RowGroup group =
            Objects.requireNonNull(
                    Util.readFileMetaData(new ByteArrayInputStream(block)).getRow_groups())
                .getFirst();
        group.setOrdinal((short) Math.min(groups.size(), Short.MAX_VALUE));
        rows += group.getNum_rows();
        groups.add(group);
      }
    }
    FileMetaData footer = new FileMetaData(1, schema(), rows, groups);
    footer.setCreated_by(CREATED_BY);
    byte[] bytes = encode(footer);
    file.append(bytes, bytes.length);
    byte[] length =
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length).array();
    file.append(length, length.length);
    file.append(MAGIC, MAGIC.length);
  }

  private static byte[] encode(FileMetaData metaData) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Util.writeFileMetaData(metaData, out);
    return out.toByteArray();
  }

  private List<SchemaElement> schema() {
    List<SchemaElement> schema = new ArrayList<>();
    SchemaElement root = new SchemaElement("row");
    root.setNum_children(1 + columns.size() + keep.size());
    schema.add(root);
    schema.addAll(elements(ID));
    columns.forEach(column -> schema.addAll(elements(column)));
    for (String field : keep) {
      schema.add(string(field, FieldRepetitionType.OPTIONAL));
    }
    return schema;
  }

  private static List<SchemaElement> elements(Column column) {
    String name = column.name();
    return switch (column.type()) {
      case TEXT -> List.of(string(name, FieldRepetitionType.REQUIRED));
      case FLAG -> List.of(leaf(name, FieldRepetitionType.REQUIRED, Type.BOOLEAN));
      case NUMBER -> List.of(leaf(name, FieldRepetitionType.REQUIRED, Type.FLOAT));
      case OPTIONAL_NUMBER -> List.of(leaf(name, FieldRepetitionType.OPTIONAL, Type.FLOAT));
      case NUMBERS -> list(name, leaf("element", FieldRepetitionType.REQUIRED, Type.FLOAT));
      case TEXTS -> list(name, string("element", FieldRepetitionType.REQUIRED));
    };
  }

  private static List<SchemaElement> list(String name, SchemaElement element) {
    SchemaElement outer = new SchemaElement(name);
    outer.setRepetition_type(FieldRepetitionType.REQUIRED);
    outer.setNum_children(1);
    outer.setConverted_type(ConvertedType.LIST);
    outer.setLogicalType(LogicalType.LIST(new ListType()));
    SchemaElement list = new SchemaElement("list");
    list.setRepetition_type(FieldRepetitionType.REPEATED);
    list.setNum_children(1);
    return List.of(outer, list, element);
  }

  private static SchemaElement leaf(String name, FieldRepetitionType repetition, Type type) {
    SchemaElement element = new SchemaElement(name);
    element.setType(type);
    element.setRepetition_type(repetition);
    return element;
  }

  private static SchemaElement string(String name, FieldRepetitionType repetition) {
    SchemaElement element = leaf(name, repetition, Type.BYTE_ARRAY);
    element.setConverted_type(ConvertedType.UTF8);
    element.setLogicalType(LogicalType.STRING(new StringType()));
    return element;
  }
}
