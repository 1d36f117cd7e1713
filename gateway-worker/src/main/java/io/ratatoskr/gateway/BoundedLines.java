package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import java.io.IOException;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** The lines of a body, none longer and all together no longer than is allowed. */
final class BoundedLines {
  /** Most bytes of a line: of a tool call whose arguments come whole, or of a whole answer. */
  static final int LINE_BYTES = 1 << 20;

  /** Most bytes of a streamed body. */
  static final long BODY_BYTES = 64L << 20;

  private static final byte NEWLINE = '\n';

  private final BufferedSource source;
  private long taken;
  private boolean partial;

  BoundedLines(BufferedSource source) {
    this.source = source;
  }

  /**
   * The next line without its end; null where there is none.
   *
   * @throws ProviderFailure with {@code TooLarge} if a bound is passed
   */
  @Nullable String next() throws IOException {
    long end = source.indexOf(NEWLINE, 0, LINE_BYTES + 1L);
    if (end < 0) {
      return rest();
    }
    count(end + 1);
    String line = source.readUtf8(end);
    source.skip(1);
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  private @Nullable String rest() throws IOException {
    long left = source.getBuffer().size();
    if (left > LINE_BYTES) {
      throw tooLarge(left, LINE_BYTES, "a line");
    }
    if (left == 0) {
      return null;
    }
    count(left);
    partial = true;
    return source.readUtf8(left);
  }

  private void count(long bytes) throws ProviderFailure {
    taken += bytes;
    if (taken > BODY_BYTES) {
      throw tooLarge(taken, BODY_BYTES, "a stream");
    }
  }

  /** Whether the last line was ended by the end of the body, so that it may not be whole. */
  boolean endedWithin() {
    return partial;
  }

  /**
   * A whole body.
   *
   * @param limit most bytes that it may have
   * @throws ProviderFailure with {@code TooLarge} if it has more
   */
  static String whole(BufferedSource source, long limit) throws IOException {
    if (source.request(limit + 1)) {
      throw tooLarge(limit + 1, limit, "an answer");
    }
    return source.readUtf8();
  }

  /** The start of a body, for a message. */
  static String start(BufferedSource source, int limit) {
    try {
      source.request(limit);
      return source.readUtf8(Math.min(limit, source.getBuffer().size()));
    } catch (IOException e) {
      return "";
    }
  }

  static ProviderFailure tooLarge(long bytes, long limit, String what) {
    return new ProviderFailure(
        InferenceError.tooLarge(
            bytes,
            limit,
            "The provider sent %s of more than %d bytes; ask for less, such as by max_tokens."
                .formatted(what, limit)));
  }
}
