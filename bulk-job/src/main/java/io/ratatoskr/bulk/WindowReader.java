package io.ratatoskr.bulk;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers lines to windows; the same input always gives the same windows. */
final class WindowReader implements AutoCloseable {
  /** Most lines in a window. */
  static final int WINDOW_LINES = 4096;

  /** A window ends with the line that brings it to this many bytes. */
  static final long WINDOW_BYTES = 16L << 20;

  /** Longest line. */
  static final int MAX_LINE_BYTES = 4 << 20;

  private final InputFile input;
  private final LineReader lines;
  private final LineParser parser;
  private int nextIndex;
  private long linesRead;
  private boolean ended;

  WindowReader(JobConfig config, InputFile input) {
    this.input = input;
    this.lines =
        new LineReader(input.content(), config.input().format() == InputFormat.CSV, MAX_LINE_BYTES);
    this.parser = LineParser.of(config);
  }

  /** The next window; null at the end of the input. */
  @Nullable Window next() {
    MessageDigest digest = sha256();
    List<Line> window = new ArrayList<>();
    long bytes = 0;
    try {
      while (window.size() < WINDOW_LINES && bytes < WINDOW_BYTES) {
        LineReader.Raw raw = lines.next();
        if (raw == null) {
          ended = true;
          break;
        }
        bytes += raw.bytes().length;
        digest.update(raw.bytes());
        digest.update((byte) '\n');
        Line line = parser.parse(raw);
        if (line != null) {
          window.add(line);
        }
      }
    } catch (IOException e) {
      throw input.unreadable(e);
    }
    linesRead += window.size();
    return window.isEmpty() && ended ? null : new Window(nextIndex++, window, digest.digest());
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

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
