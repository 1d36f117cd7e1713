package io.ratatoskr.formats;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The lines of an input, one after the other; holds one of them. */
public final class LineSource implements AutoCloseable {
  private final InputFile input;
  private final LineReader lines;
  private final LineParser parser;
  private LineReader.@Nullable Raw header;
  private long linesRead;
  private boolean ended;

  private LineSource(LineInput source, List<String> parts, InputFile input) {
    this.input = input;
    this.parser = LineParser.of(source, parts);
    this.lines =
        new LineReader(
            input.content(), source.format() == InputFormat.CSV, LineReader.MAX_LINE_BYTES);
  }

  /**
   * Opens an input.
   *
   * @param parts what each of the input's fields holds, as messages call it
   * @param standardInput read where the input names no file; stays the caller's to close
   * @throws InputUnusable if it cannot be read
   */
  public static LineSource open(LineInput source, List<String> parts, InputStream standardInput) {
    LineSource lines = new LineSource(source, parts, InputFile.open(source, standardInput));
    try {
      if (source.file().isPresent()) { // standard input may keep us waiting
        lines.begin();
      }
      return lines;
    } catch (RuntimeException e) {
      lines.close();
      throw e;
    }
  }

  /** Finds out what would make every line useless: no text, no such columns. */
  private void begin() {
    try {
      if (parser.hasHeader()) {
        header = lines.next();
        if (header != null) {
          parser.parse(header);
        }
      } else {
        lines.begin();
      }
    } catch (IOException e) {
      throw input.unreadable(e);
    }
  }

  /**
   * The next line that is not to be skipped; null at the end.
   *
   * @throws InputUnusable if there is no reading on
   */
  public @Nullable Line next() {
    return next(_ -> {});
  }

  /**
   * The same.
   *
   * @param raw is handed the bytes of each line that is read, skipped ones too, without line break
   */
  public @Nullable Line next(Consumer<byte[]> raw) {
    if (header != null) {
      raw.accept(header.bytes());
      header = null;
    }
    try {
      for (LineReader.Raw read = lines.next(); read != null; read = lines.next()) {
        raw.accept(read.bytes());
        Line line = parser.parse(read);
        if (line != null) {
          linesRead++;
          return line;
        }
      }
      ended = true;
      return null;
    } catch (IOException e) {
      throw input.unreadable(e, linesRead);
    }
  }

  /** Whether the input was read to its end. */
  public boolean ended() {
    return ended;
  }

  /** Lines read so far, skipped ones aside. */
  public long linesRead() {
    return linesRead;
  }

  /** Part of the input that was read, 0 to 1; -1 where its size is not known. */
  public double fractionRead() {
    return ended ? 1 : input.fractionRead();
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
