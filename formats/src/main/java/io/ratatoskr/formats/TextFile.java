package io.ratatoskr.formats;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads ids and texts in every format that a job reads, by the same rules: {@code .jsonl}, {@code
 * .txt} and {@code .csv}, each also with {@code .gz}. Holds one line.
 */
public final class TextFile implements AutoCloseable {
  private final LineSource lines;
  private long refused;

  /**
   * A good line.
   *
   * @param id its id; a number as its digits
   */
  public record Text(String id, String text) {}

  private TextFile(LineInput source) {
    this.lines = LineSource.open(source, List.of("text"), InputStream.nullInputStream());
  }

  /**
   * Opens a file.
   *
   * @throws InputUnusable if it cannot be read
   * @throws IllegalArgumentException if its extension is not known
   */
  public static TextFile open(Path file, String textField, String idField) {
    return new TextFile(LineInput.of(file.toString(), List.of(textField)).withIdField(idField));
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
    lines.close();
  }
}
