package io.ratatoskr.formats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first bytes of an input, of which it shows whether lines of UTF-8 are to be expected. What is
 * something else altogether is refused once, not line by line.
 */
record TextSample(ByteBuffer bytes) {
  /** At this many zero bytes among those looked at, one in so many, it is no UTF-8. */
  private static final int ONE_ZERO_IN = 16;

  private static final String CONVERT =
      "; lines of UTF-8 are read: convert it, as `iconv -f %s -t UTF-8` does";

  /** How files begin that hold no lines of text. */
  private enum Kind {
    UTF_32_LITTLE("it is in UTF-32" + CONVERT.formatted("UTF-32"), "\u00FF\u00FE\0\0"),
    UTF_32_BIG("it is in UTF-32" + CONVERT.formatted("UTF-32"), "\0\0\u00FE\u00FF"),
    UTF_16_LITTLE("it is in UTF-16" + CONVERT.formatted("UTF-16"), "\u00FF\u00FE"),
    UTF_16_BIG("it is in UTF-16" + CONVERT.formatted("UTF-16"), "\u00FE\u00FF"),
    GZIP(
        "it is compressed with gzip; give it a name that ends in .gz, or decompress it",
        "\u001F\u008B"),
    ZSTANDARD("it is compressed with zstd; decompress it", "(\u00B5/\u00FD"),
    BZIP2("it is compressed with bzip2; decompress it", "BZh91A"),
    XZ("it is compressed with xz; decompress it", "\u00FD7zXZ\0"),
    ZIP("it is a zip archive, or a workbook in one; give a file of lines", "PK\u0003\u0004"),
    PARQUET("it is a Parquet file; give .jsonl, .txt or .csv", "PAR1");

    private final String reason;

    /** A character for each byte. */
    private final String beginning;

    Kind(String reason, String beginning) {
      this.reason = reason;
      this.beginning = beginning;
    }
  }

  static TextSample of(byte[] buffer, int length) {
    return new TextSample(ByteBuffer.wrap(Arrays.copyOf(buffer, length)).asReadOnlyBuffer());
  }

  /**
   * Looks at them.
   *
   * @throws IOException saying what the input is, and what to do
   */
  void requireText() throws IOException {
    for (Kind kind : Kind.values()) {
      if (beginsWith(kind.beginning)) {
        throw new IOException(kind.reason);
      }
    }
    int zeros = 0;
    for (int i = 0; i < bytes.limit(); i++) {
      zeros += bytes.get(i) == 0 ? 1 : 0;
    }
    if (zeros > 0 && (zeros * ONE_ZERO_IN >= bytes.limit() || !isUtf8())) {
      throw new IOException(
          "it holds zero bytes, so it is binary, or in UTF-16 or UTF-32"
              + CONVERT.formatted("UTF-16LE"));
    }
  }

  private boolean beginsWith(String beginning) {
    boolean same = bytes.limit() >= beginning.length();
    for (int i = 0; same && i < beginning.length(); i++) {
      same = (bytes.get(i) & 0xFF) == beginning.charAt(i);
    }
    return same;
  }

  /** Whether it is, a character cut at the end aside. */
  private boolean isUtf8() {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result =
        decoder.decode(bytes.duplicate(), CharBuffer.allocate(bytes.limit() + 1), false);
    return !result.isError();
  }
}
