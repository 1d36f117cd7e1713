package io.ratatoskr.bulk;

import io.ratatoskr.formats.Line;
import io.ratatoskr.formats.LineSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers lines to windows; the same input always gives the same windows. */
final class WindowReader {
  /** Most lines in a window. */
  static final int WINDOW_LINES = 4096;

  /** A window ends with the line that brings it to this many bytes. */
  static final long WINDOW_BYTES = 16L << 20;

  private final LineSource lines;
  private int nextIndex;

  WindowReader(LineSource lines) {
    this.lines = lines;
  }

  /** The next window; null at the end of the input. */
  @Nullable Window next() {
    MessageDigest digest = sha256();
    long[] bytes = {0};
    List<Line> window = new ArrayList<>();
    while (window.size() < WINDOW_LINES && bytes[0] < WINDOW_BYTES) {
      Line line =
          lines.next(raw -> {
            bytes[0] += raw.length;
            digest.update(raw);
            digest.update((byte) '\n');
          });
      if (line == null) {
        break;
      }
      window.add(line);
    }
    return window.isEmpty() ? null : new Window(nextIndex++, window, digest.digest());
  }

  boolean ended() {
    return lines.ended();
  }

  long linesRead() {
    return lines.linesRead();
  }

  /** Part of the input that was read, 0 to 1; -1 where its size is not known. */
  double fractionRead() {
    return lines.fractionRead();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
