package io.ratatoskr.formats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code embed} writes, row by row and in the file's order: Parquet, or JSON lines. A
 * file that another tool wrote is read too where it has columns {@code id} (string or integer),
 * {@code embedding} (list of float or double), {@code space_id} (string) and, optionally, {@code
 * model}; further columns are passed over. Holds one page of each column at most.
 */
public abstract sealed class VectorFile implements AutoCloseable
    permits ParquetVectors, JsonLinesVectors {
  private final Path file;
  private long rows;

  /**
   * One row.
   *
   * @param id its id; a number as its digits
   * @param vector its components; the caller's own
   * @param spaceId the vector space
   * @param model the model; empty where the file does not say
   */
  @SuppressWarnings("ArrayRecordComponent") // vectors are large; equality is not asked of them
  public record Embedding(String id, float[] vector, String spaceId, String model) {}

  VectorFile(Path file) {
    this.file = file;
  }

  /**
   * Opens a file.
   *
   * @throws InputUnusable if it is absent, of neither format, or without those columns
   */
  public static VectorFile open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InputUnusable("there is no file " + file + " with vectors", null);
    }
    OutputFormat format =
        OutputFormat.ofFileName(file.toString())
            .orElseThrow(() ->
                new InputUnusable(
                    file + ": vectors are read from .parquet and .jsonl files", null));
    try {
      return switch (format) {
        case PARQUET -> ParquetVectors.reading(file);
        case JSONL -> JsonLinesVectors.reading(file);
      };
    } catch (IOException e) {
      throw new InputUnusable("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The next row; null at the end.
   *
   * @throws InputUnusable if the file is damaged, or the row has no id, vector or space
   */
  public final @Nullable Embedding next() {
    rows++;
    try {
      return read();
    } catch (InputUnusable e) {
      throw e;
    } catch (IOException | UncheckedIOException e) {
      throw unusable(e.getMessage(), e);
    } catch (RuntimeException | StackOverflowError e) {
      // What Parquet's decoders throw at damaged bytes is of many kinds: some bytes read as
      // structures nested without end.
      throw unusable("damaged, or not what it says it is: " + e, e);
    }
  }

  abstract @Nullable Embedding read() throws IOException;

  /** The exception that says what is wrong with the row at hand. */
  final InputUnusable unusable(@Nullable String reason, @Nullable Throwable cause) {
    return new InputUnusable("cannot read " + file + ", row " + rows + ": " + reason, cause);
  }

  @Override
  public final void close() {
    try {
      closeFile();
    } catch (IOException e) {
      throw new InputUnusable("cannot close " + file + ": " + e.getMessage(), e);
    }
  }

  abstract void closeFile() throws IOException;
}
