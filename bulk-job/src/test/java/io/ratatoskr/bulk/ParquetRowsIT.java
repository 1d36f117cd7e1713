package io.ratatoskr.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
      assertThat(vector(row)).containsExactly(HashRatatoskr.vector(text(i), 384));
      assertThat(row.get("model")).hasToString("m");
      assertThat(row.get("space_id")).hasToString("space-1");
      assertThat(row.get("truncated")).isEqualTo(text(i).startsWith("long "));
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
    Path input = folder.resolve("in.csv");
    Files.writeString(input, "id,premise,hypothesis\n1,a,b\n2,a,two c\n");
    List<GenericRecord> judged = rows(run(input, NliJob.of("m")));

    assertThat(judged.getFirst().getSchema().getFields())
        .extracting(field -> field.name())
        .containsExactly(
            "id", "label", "entailment", "neutral", "contradiction", "model", "truncated");
    assertThat(judged).extracting(row -> row.get("neutral")).containsExactly(0.25f, null);
    assertThat(judged)
        .extracting(row -> row.get("entailment"))
        .containsExactly(entailment("a", "b"), entailment("a", "two c"));

    Path texts = Files.writeString(folder.resolve("in.txt"), "wine\ncheese\n");
    List<GenericRecord> classified =
        rows(run(texts, ClassifyJob.of("m", List.of("wine", "cheese"))));
    assertThat(classified)
        .extracting(row -> elements(row, "labels"), row -> elements(row, "scores"))
        .containsExactly(
            tuple("[wine, cheese]", "[0.75, 0.25]"), tuple("[wine, cheese]", "[0.25, 0.75]"));
  }

  private static float entailment(String premise, String hypothesis) {
    return (float) HashRatatoskr.scored(premise, hypothesis).entailment();
  }

  private static String elements(GenericRecord row, String list) {
    return ((List<?>) row.get(list))
        .stream().map(element -> ((GenericRecord) element).get("element")).toList().toString();
  }

  private Path run(Path input, JobKind kind) {
    Path output = folder.resolve("out.parquet");
    BulkJob.run(
        JobConfig.of(input.toString(), output, kind)
            .withLimits(JobLimits.defaults().withMinFreeBytes(0))
            .withOnExisting(OnExisting.OVERWRITE),
        new HashRatatoskr(1, 5, ""),
        ProgressListener.none(),
        new CancelSignal());
    return output;
  }

  private Path embed(int count, int dimensions) throws IOException {
    Path input = folder.resolve("in.jsonl");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String lang = i % 3 == 0 ? "null" : "\"l" + i + "\"";
      lines.add("{\"id\":%d,\"text\":\"%s\",\"lang\":%s}".formatted(i, text(i), lang));
    }
    Files.write(input, lines);
    Path output = folder.resolve("out.parquet");
    BulkJob.run(
        JobConfig.of(input.toString(), output, EmbedJob.of("m"))
            .withKeep(List.of("lang"))
            .withLimits(JobLimits.defaults().withMinFreeBytes(0))
            .withOnExisting(OnExisting.OVERWRITE),
        new HashRatatoskr(dimensions, 5, "space-1"),
        ProgressListener.none(),
        new CancelSignal());
    return output;
  }

  private static String text(int i) {
    return (i % 7 == 0 ? "long " : "") + "text " + i;
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
