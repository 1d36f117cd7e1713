package io.ratatoskr.bulk;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The lines of an input, one after the other. */
final class LineSource implements AutoCloseable {
  private final InputFile input;
  private final LineReader lines;
  private final LineParser parser;
  private long linesRead;
  private boolean ended;

  LineSource(LineParser parser, JobInput source, InputFile input) {
    this.parser = parser;
    this.input = input;
    this.lines =
        new LineReader(
            input.content(), source.format() == InputFormat.CSV, WindowReader.MAX_LINE_BYTES);
  }

  /** The next line that is not to be skipped; null at the end. */
  @Nullable Line next() {
    try {
      for (LineReader.Raw raw = lines.next(); raw != null; raw = lines.next()) {
        Line line = parser.parse(raw);
        if (line != null) {
          linesRead++;
          return line;
        }
      }
      ended = true;
      return null;
    } catch (IOException e) {
      throw input.unreadable(e);
    }
  }

  boolean ended() {
    return ended;
  }

  long linesRead() {
    return linesRead;
  }

  /** Part of the input that was read, 0 to 1; -1 where its size is not known. */
  double fractionRead() {
    return ended ? 1 : input.fractionRead();
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
