package io.ratatoskr.bulk;

import java.io.IOException;
import java.util.List;

/** The output while it grows, one block of rows for each window. */
sealed interface RowFile permits JsonLinesRows, ParquetRows {

  static RowFile of(JobConfig config, GrowingFile file) {
    List<Column> columns = Inquiry.of(config.kind()).columns();
    List<String> keep = config.input().keep();
    return switch (config.outputFormat()) {
      case JSONL -> new JsonLinesRows(file, columns, keep);
      case PARQUET -> new ParquetRows(file, columns, keep);
    };
  }

  /** Writes what stands before the first row. */
  void begin() throws IOException;

  /**
   * Appends rows.
   *
   * @return what {@link #finish} must know about them
   */
  byte[] append(List<Row> rows) throws IOException;

  /**
   * Writes what stands after the last row.
   *
   * @param blocks what {@link #append} returned, in order
   */
  void finish(List<byte[]> blocks) throws IOException;
}
