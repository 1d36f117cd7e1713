package io.ratatoskr.formats;

import static io.ratatoskr.formats.ParquetPages.required;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Vectors from Apache Parquet. Pages and footer are read here, values are decoded by Parquet's own
 * column reader, so that every encoding and both page versions are understood without the classes
 * of Hadoop that Parquet's file reader needs.
 *
 * @see <a href="https://parquet.apache.org/docs/file-format/">The file format</a>
 */
final class ParquetVectors extends VectorFile {
  private static final int TAIL_BYTES = 8;
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private final FileChannel channel;
  private final FileMetaData footer;
  private final MessageType schema;
  private final ColumnDescriptor ids;
  private final ColumnDescriptor vectors;
  private final ColumnDescriptor spaceIds;
  private final Optional<ColumnDescriptor> models;
  private final Iterator<RowGroup> groups;
  private @Nullable Cursor cursor;

  /** Where in a row group its columns stand. */
  private static final class Cursor {
    private final ColumnReader id;
    private final ColumnReader vector;
    private final ColumnReader spaceId;
    private final Optional<ColumnReader> model;
    private long rowsLeft;

    Cursor(
        ColumnReader id,
        ColumnReader vector,
        ColumnReader spaceId,
        Optional<ColumnReader> model,
        long rows) {
      this.id = id;
      this.vector = vector;
      this.spaceId = spaceId;
      this.model = model;
      this.rowsLeft = rows;
    }
  }

  private ParquetVectors(Path file, FileChannel channel, FileMetaData footer) {
    super(file);
    this.channel = channel;
    this.footer = footer;
    this.schema = schema(required(footer.getSchema()));
    this.ids = column(file, "id");
    this.vectors = column(file, "embedding");
    this.spaceIds = column(file, "space_id");
    this.models = find("model");
    this.groups = required(footer.getRow_groups()).iterator();
    if (vectors.getMaxRepetitionLevel() != 1) {
      throw new InputUnusable(file + ": column 'embedding' is not a list of numbers", null);
    }
  }

  static ParquetVectors reading(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new ParquetVectors(file, channel, footer(file, channel));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static FileMetaData footer(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < MAGIC.length + TAIL_BYTES) {
      throw new InputUnusable(file + " is too short for a Parquet file", null);
    }
    ByteBuffer tail =
        ParquetPages.readFully(channel, size - TAIL_BYTES, TAIL_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    int length = tail.getInt();
    if (!tail.equals(ByteBuffer.wrap(MAGIC))
        || length < 0
        || length > size - TAIL_BYTES - MAGIC.length) {
      throw new InputUnusable(file + " is not a whole Parquet file", null);
    }
    return Util.readFileMetaData(
        new ByteArrayInputStream(
            ParquetPages.readFully(channel, size - TAIL_BYTES - length, length).array()));
  }

  private static MessageType schema(List<SchemaElement> elements) {
    Iterator<SchemaElement> next = elements.iterator();
    SchemaElement root = next.next();
    return new MessageType(root.getName(), fields(root, next));
  }

  private static List<Type> fields(SchemaElement parent, Iterator<SchemaElement> next) {
    List<Type> fields = new ArrayList<>();
    for (int i = 0; i < parent.getNum_children(); i++) {
      SchemaElement element = next.next();
      Type.Repetition repetition =
          Type.Repetition.valueOf(required(element.getRepetition_type()).name());
      if (element.isSetType()) {
        String name = required(element.getType()).name();
        fields.add(
            new PrimitiveType(
                repetition,
                PrimitiveTypeName.valueOf(name.equals("BYTE_ARRAY") ? "BINARY" : name),
                element.getType_length(),
                element.getName()));
      } else {
        fields.add(new GroupType(repetition, element.getName(), fields(element, next)));
      }
    }
    return fields;
  }

  private ColumnDescriptor column(Path file, String name) {
    return find(name)
        .orElseThrow(() ->
            new InputUnusable(
                "%s has no column '%s' of one value or list a row; it has %s"
                    .formatted(file, name, schema.getFields().stream().map(Type::getName).toList()),
                null));
  }

  private Optional<ColumnDescriptor> find(String name) {
    List<ColumnDescriptor> found =
        schema.getColumns().stream().filter(column -> column.getPath()[0].equals(name)).toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  @Override
  @Nullable Embedding read() throws IOException {
    while (cursor == null || cursor.rowsLeft == 0) {
      if (!groups.hasNext()) {
        return null;
      }
      cursor = cursor(groups.next());
    }
    Cursor row = cursor;
    row.rowsLeft--;
    String id = value(row.id, ids);
    String spaceId = value(row.spaceId, spaceIds);
    String model =
        models.isPresent() && row.model.isPresent() ? value(row.model.get(), models.get()) : null;
    float[] vector = vector(row.vector);
    if (id == null || spaceId == null || vector.length == 0) {
      throw unusable("it lacks one of id, embedding and space_id", null);
    }
    return new Embedding(id, vector, spaceId, model == null ? "" : model);
  }

  private Cursor cursor(RowGroup group) {
    ColumnReadStoreImpl store =
        new ColumnReadStoreImpl(
            new ParquetPages.Group(channel, group), new Nowhere(), schema, footer.getCreated_by());
    return new Cursor(
        store.getColumnReader(ids),
        store.getColumnReader(vectors),
        store.getColumnReader(spaceIds),
        models.map(store::getColumnReader),
        group.getNum_rows());
  }

  private @Nullable String value(ColumnReader reader, ColumnDescriptor column) {
    if (reader.getCurrentDefinitionLevel() < column.getMaxDefinitionLevel()) {
      reader.consume();
      return null;
    }
    String value =
        switch (column.getPrimitiveType().getPrimitiveTypeName()) {
          case BINARY -> reader.getBinary().toStringUsingUTF8();
          case INT32 -> Integer.toString(reader.getInteger());
          case INT64 -> Long.toString(reader.getLong());
          case BOOLEAN, FLOAT, DOUBLE, INT96, FIXED_LEN_BYTE_ARRAY ->
              throw unusable(
                  "column '" + column.getPath()[0] + "' is neither string nor integer", null);
        };
    reader.consume();
    return value;
  }

  private float[] vector(ColumnReader reader) {
    int present = vectors.getMaxDefinitionLevel();
    boolean doubles =
        switch (vectors.getPrimitiveType().getPrimitiveTypeName()) {
          case FLOAT -> false;
          case DOUBLE -> true;
          case BINARY, INT32, INT64, BOOLEAN, INT96, FIXED_LEN_BYTE_ARRAY ->
              throw unusable("column 'embedding' is not a list of float or double", null);
        };
    float[] vector = new float[512];
    int length = 0;
    // A value's repetition level is 0 where it begins a list. After the last there is a level 0.
    do {
      if (reader.getCurrentDefinitionLevel() == present) {
        if (length == vector.length) {
          vector = Arrays.copyOf(vector, 2 * length);
        }
        vector[length++] = doubles ? (float) reader.getDouble() : reader.getFloat();
      }
      reader.consume();
    } while (reader.getCurrentRepetitionLevel() > 0);
    return Arrays.copyOf(vector, length);
  }

  @Override
  void closeFile() throws IOException {
    channel.close();
  }

  /** The column reader asks for a place to put values, and is never told to put any there. */
  private static final class Nowhere extends GroupConverter {
    @Override
    public Converter getConverter(int field) {
      return this;
    }

    @Override
    public PrimitiveConverter asPrimitiveConverter() {
      return new PrimitiveConverter() {};
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }
}
