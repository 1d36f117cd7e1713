package io.ratatoskr.bulk;

import io.ratatoskr.bulk.BulkJobException.InputUnusable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads ids and texts in every format that a job reads, by the same rules: {@code .jsonl}, {@code
 * .txt} and {@code .csv}, each also with {@code .gz}. Holds one line.
 */
public final class TextFile implements AutoCloseable {
  private final InputFile input;
  private final LineSource lines;
  private long refused;

  /**
   * A good line.
   *
   * @param id its id; a number as its digits
   */
  public record Text(String id, String text) {}

  private TextFile(JobInput source) {
    this.input = InputFile.open(source, InputStream.nullInputStream());
    this.lines = new LineSource(LineJob.parser(source), source, input);
  }

  /**
   * Opens a file.
   *
   * @throws InputUnusable if it cannot be read
   * @throws IllegalArgumentException if its extension is not known
   */
  public static TextFile open(Path file, String textField, String idField) {
    return new TextFile(LineJob.input(file.toString()).withFields(List.of(textField), idField));
  }

  /** The next good line; null at the end. */
  public @Nullable Text next() {
    for (Line line = lines.next(); line != null; line = lines.next()) {
      switch (line) {
        case Line.Good good -> {
          return new Text(good.id().value(), good.question().getFirst());
        }
        case Line.Bad _ -> refused++;
      }
    }
    return null;
  }

  /** Lines so far that are not good: no text, no id, broken. */
  public long refused() {
    return refused;
  }

  @Override
  public void close() {
    try {
      input.close();
    } catch (IOException e) {
      throw input.unreadable(e);
    }
  }
}
