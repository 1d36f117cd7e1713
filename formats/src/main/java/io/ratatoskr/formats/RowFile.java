package io.ratatoskr.formats;

import java.io.IOException;
import java.util.List;

/** A file of rows while it grows, block by block. */
public sealed interface RowFile permits JsonLinesRows, ParquetRows {

  /**
   * Rows of a format.
   *
   * @param columns columns beside the id
   * @param keep names of the kept fields, which stand after the columns
   */
  static RowFile of(
      OutputFormat format, GrowingFile file, List<Column> columns, List<String> keep) {
    return switch (format) {
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
