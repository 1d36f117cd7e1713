package io.ratatoskr.formats;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Decompresses gzip of one or more members. Java's own stream takes bytes after the last member for
 * the end, and others lose what they had in hand when they fail; here everything before a fault is
 * handed out, and then the fault is told.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
 */
final class GzipContent extends InputStream {
  private static final int MAGIC_1 = 0x1F;
  private static final int MAGIC_2 = 0x8B;
  private static final int DEFLATE = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final InputStream compressed;
  private final byte[] buffer = new byte[64 * 1024];
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private int position;
  private int limit;
  private boolean anyMember;
  private boolean inMember;

  GzipContent(InputStream compressed) {
    this.compressed = compressed;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (length > 0) {
      if (!inMember && !begin()) {
        return -1;
      }
      int count = inflate(target, offset, length);
      if (count > 0) {
        crc.update(target, offset, count);
        return count;
      }
      if (inflater.finished()) {
        position = limit - inflater.getRemaining();
        end();
      } else {
        requireMore();
        inflater.setInput(buffer, 0, limit);
      }
    }
    return 0;
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      int count = inflater.inflate(target, offset, length);
      if (inflater.needsDictionary()) {
        throw new ZipException("its compressed data ask for a dictionary");
      }
      return count;
    } catch (DataFormatException e) {
      ZipException damaged = new ZipException("its compressed data are damaged");
      damaged.initCause(e);
      throw damaged;
    }
  }

  /** Reads a member's header; false where there is none. */
  private boolean begin() throws IOException {
    if (anyMember && position == limit && !fill()) {
      return false;
    }
    if (next() != MAGIC_1 || next() != MAGIC_2 || next() != DEFLATE) {
      throw new ZipException(
          anyMember ? "bytes follow its last gzip member" : "it is not compressed with gzip");
    }
    int flags = next();
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(next() | (next() << 8));
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CRC) != 0) {
      skip(2);
    }
    inflater.reset();
    inflater.setInput(buffer, position, limit - position);
    crc.reset();
    anyMember = true;
    inMember = true;
    return true;
  }

  /** Reads a member's trailer. */
  private void end() throws IOException {
    long expected = four();
    long length = four();
    if (expected != crc.getValue() || length != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
      throw new ZipException("its compressed data do not have the checksum that they should");
    }
    inMember = false;
  }

  private long four() throws IOException {
    return next() | (next() << 8) | (next() << 16) | ((long) next() << 24);
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private void skipText() throws IOException {
    while (next() != 0) {
      // Up to the zero that ends it.
    }
  }

  private int next() throws IOException {
    if (position == limit) {
      requireMore();
    }
    return buffer[position++] & 0xFF;
  }

  private void requireMore() throws IOException {
    if (!fill()) {
      throw new EOFException("its compressed data end too early; the file was cut short");
    }
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, compressed.read(buffer));
    return limit > 0;
  }

  /** Bytes of compressed data that can be read without waiting for more. */
  @Override
  public int available() throws IOException {
    return inMember && !inflater.needsInput() ? 1 : compressed.available();
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    compressed.close();
  }
}
