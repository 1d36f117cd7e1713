package io.ratatoskr.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.Snappy;

/** Reads vectors that a {@link RowFile} wrote, and those that Parquet's own writer wrote. */
class VectorFileIT {
  private static final int ROWS = 5_000;
  private static final int DIMENSIONS = 48;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void readsWhatARowFileWrote(OutputFormat format) throws IOException {
    Path output = folder.resolve("out." + format.name().toLowerCase(Locale.ROOT));
    List<Row> written = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      boolean number = i % 2 == 0;
      written.add(
          new Row(
              new Line.Id((number ? "" : "id-") + i, number),
              List.of(new Value.Reals(vector(i)), new Value.Text("m"), new Value.Text("space-1")),
              List.of()));
    }
    try (GrowingFile file = GrowingFile.open(output, 0)) {
      RowFile rows =
          RowFile.of(
              format,
              file,
              List.of(
                  new Column("embedding", Column.Type.NUMBERS),
                  Column.MODEL,
                  new Column("space_id", Column.Type.TEXT)),
              List.of());
      rows.begin();
      rows.finish(List.of(rows.append(written)));
    }

    List<VectorFile.Embedding> rows = read(output);

    assertThat(rows).hasSize(ROWS);
    for (int i = 0; i < ROWS; i++) {
      VectorFile.Embedding row = rows.get(i);
      assertThat(row.id()).isEqualTo(i % 2 == 0 ? Integer.toString(i) : "id-" + i);
      assertThat(row.vector()).containsExactly(vector(i));
      assertThat(row.model()).isEqualTo("m");
      assertThat(row.spaceId()).isEqualTo("space-1");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PARQUET_1_0, UNCOMPRESSED, true, false",
    "PARQUET_1_0, GZIP, true, true",
    "PARQUET_1_0, ZSTD, false, false",
    "PARQUET_2_0, SNAPPY, true, false",
    "PARQUET_2_0, ZSTD, false, true",
    "PARQUET_2_0, UNCOMPRESSED, true, true",
  })
  void readsWhatParquetsOwnWriterWrote(
      WriterVersion version, CompressionCodecName codec, boolean dictionary, boolean doubles)
      throws IOException {
    Schema number = Schema.create(doubles ? Schema.Type.DOUBLE : Schema.Type.FLOAT);
    Path file = folder.resolve("other.parquet");
    write(file, schema(number), version, codec, dictionary, doubles);

    List<VectorFile.Embedding> rows = read(file);

    assertThat(rows).hasSize(ROWS);
    for (int i = 0; i < ROWS; i++) {
      assertThat(rows.get(i).id()).isEqualTo(Integer.toString(i));
      assertThat(rows.get(i).vector()).as("row %d", i).containsExactly(vector(i));
      assertThat(rows.get(i).spaceId()).isEqualTo("space-" + i % 3);
      assertThat(rows.get(i).model()).isEmpty();
    }
  }

  @Test
  void saysWhatIsMissingOrDamaged() throws IOException {
    Path file = folder.resolve("whole.parquet");
    write(
        file,
        schema(Schema.create(Schema.Type.FLOAT)),
        WriterVersion.PARQUET_1_0,
        CompressionCodecName.ZSTD,
        true,
        false);
    byte[] whole = Files.readAllBytes(file);
    Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, whole.length / 2));
    byte[] wrong = whole.clone();
    Arrays.fill(wrong, 100, whole.length / 2, (byte) 0x5A);
    Path damaged = Files.write(folder.resolve("damaged.parquet"), wrong);
    Path json =
        Files.writeString(folder.resolve("v.jsonl"), "{\"id\":1,\"embedding\":[0.5,\"a\"]}\n");
    Path lacks = Files.writeString(folder.resolve("w.jsonl"), "{\"id\":1,\"embedding\":[0.5]}\n");

    assertThatThrownBy(() -> read(cut))
        .isInstanceOf(InputUnusable.class)
        .hasMessageContaining("not a whole Parquet file");
    assertThatThrownBy(() -> read(damaged)).isInstanceOf(InputUnusable.class);
    assertThatThrownBy(() -> read(json))
        .hasMessageContaining("row 1")
        .hasMessageContaining("number");
    assertThatThrownBy(() -> read(lacks)).hasMessageContaining("space_id");
    assertThatThrownBy(() -> read(folder.resolve("none.parquet")))
        .hasMessageContaining("there is no file");
    assertThatThrownBy(() -> read(Files.createFile(folder.resolve("v.csv"))))
        .hasMessageContaining(".parquet and .jsonl");
  }

  private static List<VectorFile.Embedding> read(Path file) {
    List<VectorFile.Embedding> rows = new ArrayList<>();
    try (VectorFile vectors = VectorFile.open(file)) {
      for (VectorFile.Embedding row = vectors.next(); row != null; row = vectors.next()) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static Schema schema(Schema number) {
    return SchemaBuilder.record("row")
        .fields()
        .requiredInt("extra")
        .requiredLong("id")
        .name("embedding")
        .type()
        .nullable()
        .array()
        .items(number)
        .noDefault()
        .optionalString("space_id")
        .endRecord();
  }

  /** Few distinct components, so that a dictionary holds them. */
  private static float[] vector(int row) {
    float[] vector = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (row * 7 + i) % 64 / 64f;
    }
    return vector;
  }

  private static void write(
      Path file,
      Schema schema,
      WriterVersion version,
      CompressionCodecName codec,
      boolean dictionary,
      boolean doubles)
      throws IOException {
    PlainParquetConfiguration config = new PlainParquetConfiguration();
    config.setBoolean(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, !dictionary);
    try (ParquetWriter<GenericRecord> writer =
        AvroParquetWriter.<GenericRecord>builder(new LocalOutputFile(file))
            .withSchema(schema)
            .withDataModel(GenericData.get())
            .withConf(config)
            .withWriterVersion(version)
            .withCompressionCodec(codec)
            .withCodecFactory(new Codecs())
            .withDictionaryEncoding(dictionary)
            .withPageSize(16 * 1024)
            .withRowGroupSize(200 * 1024L)
            .build()) {
      for (int i = 0; i < ROWS; i++) {
        GenericRecord row = new GenericData.Record(schema);
        row.put("extra", i);
        row.put("id", (long) i);
        List<Object> components = new ArrayList<>();
        for (float component : vector(i)) {
          components.add(doubles ? (Object) (double) component : (Object) component);
        }
        row.put("embedding", components);
        row.put("space_id", "space-" + i % 3);
        writer.write(row);
      }
    }
  }

  /** Parquet's own codecs need all of Hadoop. */
  private static final class Codecs implements CompressionCodecFactory {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName name) {
      return new BytesInputCompressor() {
        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
          byte[] raw = bytes.toInputStream().readAllBytes();
          return switch (name) {
            case SNAPPY -> BytesInput.from(Snappy.compress(raw));
            case ZSTD -> BytesInput.from(Zstd.compress(raw));
            case GZIP -> {
              ByteArrayOutputStream compressed = new ByteArrayOutputStream();
              try (OutputStream gzip = new GZIPOutputStream(compressed)) {
                gzip.write(raw);
              }
              yield BytesInput.from(compressed.toByteArray());
            }
            default -> bytes;
          };
        }

        @Override
        public CompressionCodecName getCodecName() {
          return name;
        }

        @Override
        public void release() {}
      };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
      throw new UnsupportedOperationException("only writes");
    }

    @Override
    public void release() {}
  }
}
