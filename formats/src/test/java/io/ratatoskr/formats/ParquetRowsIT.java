package io.ratatoskr.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads what was written with Parquet's own reader. */
class ParquetRowsIT {
  private static final Value NO = new Value.Flag(false);

  @TempDir private Path folder;

  @Test
  void writesWhatParquetsOwnReaderReads() throws IOException {
    Path output = embed(9_000, 384);

    try (ParquetFileReader file =
        ParquetFileReader.open(
            new LocalInputFile(output),
            ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
      assertThat(file.getFooter().getFileMetaData().getSchema().toString())
          .isEqualTo(
              """
              message row {
                required binary id (STRING);
                required group embedding (LIST) {
                  repeated group list {
                    required float element columnorder(TYPE_DEFINED_ORDER);
                  }
                }
                required binary model (STRING);
                required binary space_id (STRING);
                required boolean truncated;
                optional binary lang (STRING);
              }
              """);
      assertThat(file.getRecordCount()).isEqualTo(9_000);
      assertThat(file.getRowGroups()).hasSize(3);
    }
    List<GenericRecord> rows = rows(output);
    assertThat(rows).hasSize(9_000);
    for (int i = 0; i < rows.size(); i++) {
      GenericRecord row = rows.get(i);
      assertThat(row.get("id")).hasToString(Integer.toString(i));
      assertThat(vector(row)).containsExactly(vector(i, 384));
      assertThat(row.get("model")).hasToString("m");
      assertThat(row.get("space_id")).hasToString("space-1");
      assertThat(row.get("truncated")).isEqualTo(i % 7 == 0);
      assertThat(String.valueOf(row.get("lang"))).isEqualTo(i % 3 == 0 ? "null" : "l" + i);
    }
  }

  @Test
  void writesVectorsOfOneComponentAndFilesOfNoRows() throws IOException {
    Path output = embed(100, 1);
    assertThat(rows(output)).hasSize(100).allSatisfy(row -> assertThat(vector(row)).hasSize(1));
    assertThat(rows(embed(0, 4))).isEmpty();
  }

  @Test
  void writesProbabilitiesAndLists() throws IOException {
    List<Column> scores =
        List.of(
            Column.LABEL,
            Column.number("entailment"),
            new Column("neutral", Column.Type.OPTIONAL_NUMBER),
            Column.TRUNCATED);
    List<GenericRecord> judged =
        rows(
            write(
                scores,
                List.of(),
                List.of(
                    List.of(
                        row("1", text("a"), new Value.Real(0.5f), new Value.Real(0.25f), NO),
                        row("2", text("b"), new Value.Real(0.125f), new Value.NoReal(), NO)))));

    assertThat(judged.getFirst().getSchema().getFields())
        .extracting(field -> field.name())
        .containsExactly("id", "label", "entailment", "neutral", "truncated");
    assertThat(judged).extracting(row -> row.get("neutral")).containsExactly(0.25f, null);
    assertThat(judged).extracting(row -> row.get("entailment")).containsExactly(0.5f, 0.125f);

    List<Column> lists =
        List.of(new Column("labels", Column.Type.TEXTS), new Column("scores", Column.Type.NUMBERS));
    List<GenericRecord> classified =
        rows(
            write(
                lists,
                List.of(),
                List.of(List.of(row("1", texts("wine", "cheese"), reals(0.75f, 0.25f))))));
    assertThat(classified)
        .extracting(row -> elements(row, "labels"), row -> elements(row, "scores"))
        .containsExactly(tuple("[wine, cheese]", "[0.75, 0.25]"));
  }

  private static String elements(GenericRecord row, String list) {
    return ((List<?>) row.get(list))
        .stream().map(element -> ((GenericRecord) element).get("element")).toList().toString();
  }

  private static Row row(String id, Value... values) {
    return new Row(new Line.Id(id, false), List.of(values), List.of());
  }

  private static Value text(String text) {
    return new Value.Text(text);
  }

  private static Value texts(String... texts) {
    return new Value.Texts(List.of(texts));
  }

  private static Value reals(float... numbers) {
    return new Value.Reals(numbers);
  }

  private Path write(List<Column> columns, List<String> keep, List<List<Row>> blocks)
      throws IOException {
    Path output = folder.resolve("out.parquet");
    try (GrowingFile file = GrowingFile.open(output, 0)) {
      RowFile rows = RowFile.of(OutputFormat.PARQUET, file, columns, keep);
      rows.begin();
      List<byte[]> ends = new ArrayList<>();
      for (List<Row> block : blocks) {
        ends.add(rows.append(block));
      }
      rows.finish(ends);
    }
    return output;
  }

  /** Rows as {@code embed} writes them, in blocks of 4,096. */
  private Path embed(int count, int dimensions) throws IOException {
    List<List<Row>> blocks = new ArrayList<>();
    for (int from = 0; from < count; from += 4096) {
      List<Row> block = new ArrayList<>();
      for (int i = from; i < Math.min(count, from + 4096); i++) {
        block.add(
            new Row(
                new Line.Id(Integer.toString(i), true),
                List.of(
                    reals(vector(i, dimensions)),
                    text("m"),
                    text("space-1"),
                    new Value.Flag(i % 7 == 0)),
                Collections.singletonList(i % 3 == 0 ? null : "l" + i)));
      }
      blocks.add(block);
    }
    return write(
        List.of(
            new Column("embedding", Column.Type.NUMBERS),
            Column.MODEL,
            new Column("space_id", Column.Type.TEXT),
            Column.TRUNCATED),
        List.of("lang"),
        blocks);
  }

  private static float[] vector(int row, int dimensions) {
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) Math.sin(row * 31.0 + i);
    }
    return vector;
  }

  private static float[] vector(GenericRecord row) {
    List<?> list = (List<?>) row.get("embedding");
    float[] vector = new float[list.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (Float) ((GenericRecord) list.get(i)).get("element");
    }
    return vector;
  }

  private static List<GenericRecord> rows(Path path) throws IOException {
    List<GenericRecord> rows = new ArrayList<>();
    try (ParquetReader<GenericRecord> reader =
        AvroParquetReader.<GenericRecord>builder(
                new LocalInputFile(path), new PlainParquetConfiguration())
            .withDataModel(GenericData.get())
            .withCodecFactory(new ZstdOnly())
            .build()) {
      for (GenericRecord row = reader.read(); row != null; row = reader.read()) {
        rows.add(row);
      }
    }
    return rows;
  }

  /** Parquet's own codecs need all of Hadoop. */
  private static final class ZstdOnly implements CompressionCodecFactory {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName name) {
      throw new UnsupportedOperationException("only reads");
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
      assertThat(name.name().toLowerCase(Locale.ROOT)).isEqualTo("zstd");
      return new Zstandard();
    }

    @Override
    public void release() {}
  }

  private static final class Zstandard implements CompressionCodecFactory.BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput bytes, int decompressedSize) throws IOException {
      byte[] decompressed = new byte[decompressedSize];
      Zstd.decompress(decompressed, bytes.toInputStream().readAllBytes());
      return BytesInput.from(decompressed);
    }

    @Override
    public void decompress(
        ByteBuffer input, int compressedSize, ByteBuffer output, int decompressedSize) {
      byte[] compressed = new byte[compressedSize];
      input.get(compressed);
      byte[] decompressed = new byte[decompressedSize];
      Zstd.decompress(decompressed, compressed);
      output.put(decompressed);
    }

    @Override
    public void release() {}
  }
}
