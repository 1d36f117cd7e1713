package io.ratatoskr.formats;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into lines, of which a CSV record may span several. Holds at most one line, of
 * bounded length: of a longer one the rest is skipped.
 */
final class LineReader {
  /** Longest line of an input. */
  static final int MAX_LINE_BYTES = 4 << 20;

  /** Enough to know every kind of file by. */
  private static final int FEWEST_FIRST_BYTES = 6;

  private static final int SAMPLE_BYTES = 8 * 1024;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /** The states of a reader of quoted fields. */
  private enum Quoting {
    FIELD_START,
    PLAIN,
    QUOTED,
    /** After a quote inside quotes: the field's end, or the first half of a doubled quote. */
    QUOTE_SEEN
  }

  /**
   * A line without its line break.
   *
   * @param number number of its first line, from 1
   * @param bytes its first bytes, all of them unless {@code tooLong}
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
  record Raw(long number, byte[] bytes, boolean tooLong) {}

  private final InputStream in;
  private final boolean quotes;
  private final int maxBytes;
  private final byte[] buffer = new byte[64 * 1024];
  private int position;
  private int limit;
  private byte[] line = new byte[1024];
  private int length;
  private long breaks;
  private boolean started;
  private @Nullable IOException fault;

  /**
   * @param quotes whether line breaks inside quoted CSV fields belong to the line
   * @param maxBytes longest line
   */
  LineReader(InputStream in, boolean quotes, int maxBytes) {
    this.in = in;
    this.quotes = quotes;
    this.maxBytes = maxBytes;
  }

  /** The next line; null at the end. */
  @Nullable Raw next() throws IOException {
    begin();
    long number = breaks + 1;
    length = 0;
    boolean tooLong = false;
    boolean any = false;
    Quoting state = Quoting.FIELD_START;
    while (more()) {
      any = true;
      byte b = buffer[position++];
      if (b == '\n') {
        breaks++;
        // The line break ends an over-long record too, lest one open quote swallow the whole file.
        if (!quotes || state != Quoting.QUOTED || tooLong) {
          return raw(number, tooLong);
        }
      }
      if (quotes) {
        state = after(state, b);
      }
      if (length < maxBytes) {
        append(b);
      } else {
        tooLong = true;
      }
    }
    return any ? raw(number, tooLong) : null;
  }

  private static Quoting after(Quoting state, byte b) {
    return switch (state) {
      case FIELD_START, PLAIN, QUOTE_SEEN -> {
        if (b == ',') {
          yield Quoting.FIELD_START;
        }
        yield b == '"' && state != Quoting.PLAIN ? Quoting.QUOTED : Quoting.PLAIN;
      }
      case QUOTED -> b == '"' ? Quoting.QUOTE_SEEN : Quoting.QUOTED;
    };
  }

  private Raw raw(long number, boolean tooLong) {
    int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    Raw raw = new Raw(number, Arrays.copyOf(line, end), tooLong);
    if (line.length > 1 << 20) {
      line = new byte[1024];
    }
    return raw;
  }

  private void append(byte b) {
    if (length == line.length) {
      line = Arrays.copyOf(line, Math.min(maxBytes, 2 * length));
    }
    line[length++] = b;
  }

  private boolean more() throws IOException {
    if (position < limit) {
      return true;
    }
    if (fault != null) {
      throw fault;
    }
    position = 0;
    limit = in.read(buffer);
    return limit > 0;
  }

  /**
   * Looks at the first bytes; {@link #next} does so where it was not called.
   *
   * @throws IOException also if they are no text, saying what they are
   */
  void begin() throws IOException {
    if (started) {
      return;
    }
    started = true;
    try {
      int count = 1;
      // Beyond the fewest only where nobody need be waited for.
      while (count > 0
          && limit < buffer.length
          && (limit < FEWEST_FIRST_BYTES || in.available() > 0)) {
        count = in.read(buffer, limit, buffer.length - limit);
        limit += Math.max(0, count);
      }
    } catch (IOException e) {
      if (limit == 0) {
        throw e;
      }
      fault = e; // told when what came before it is read
    }
    TextSample.of(buffer, Math.min(limit, SAMPLE_BYTES)).requireText();
    int mark = BYTE_ORDER_MARK.length;
    if (limit >= mark && Arrays.equals(buffer, 0, mark, BYTE_ORDER_MARK, 0, mark)) {
      position = mark;
    }
  }
}
