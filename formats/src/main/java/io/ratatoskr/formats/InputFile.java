package io.ratatoskr.formats;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The input's bytes, decompressed, with a count of those read from the file itself. */
final class InputFile implements AutoCloseable {
  private final LineInput input;
  private final OptionalLong size;
  private final Counted counted;
  private final InputStream content;

  private InputFile(LineInput input, InputStream standardInput) throws IOException {
    this.input = input;
    this.size =
        input.file().isPresent()
            ? OptionalLong.of(Files.size(input.file().get()))
            : OptionalLong.empty();
    InputStream file =
        input.file().isPresent() ? Files.newInputStream(input.file().get()) : standardInput;
    this.counted = new Counted(new BufferedInputStream(file, 256 * 1024));
    this.content = input.gzip() ? new GzipContent(counted) : counted;
  }

  static InputFile open(LineInput input, InputStream standardInput) {
    if (input.file().isPresent() && Files.isDirectory(input.file().get())) {
      throw new InputUnusable("the input " + input.file().get() + " is a folder", null);
    }
    try {
      return new InputFile(input, standardInput);
    } catch (NoSuchFileException e) {
      throw new InputUnusable("there is no input " + e.getFile(), e);
    } catch (IOException e) {
      throw unreadable(input, e);
    }
  }

  private static InputUnusable unreadable(LineInput input, IOException e) {
    return new InputUnusable("cannot read " + name(input) + ": " + e.getMessage(), e);
  }

  private static String name(LineInput input) {
    return input.file().map(Path::toString).orElse("standard input");
  }

  InputUnusable unreadable(IOException e) {
    return unreadable(input, e);
  }

  /** The exception for a fault after so many good or bad lines, skipped ones aside. */
  InputUnusable unreadable(IOException e, long lines) {
    return lines == 0
        ? unreadable(input, e)
        : new InputUnusable(
            "cannot read %s beyond the %d %s before this fault: %s"
                .formatted(name(input), lines, lines == 1 ? "row" : "rows", e.getMessage()),
            e);
  }

  InputStream content() {
    return content;
  }

  /**
   * Part of the file that was read, compressed bytes where it is compressed, 0 to 1; -1 where its
   * size is not known.
   */
  double fractionRead() {
    return size.isEmpty() || size.getAsLong() == 0
        ? -1
        : Math.min(1.0, (double) counted.bytes / size.getAsLong());
  }

  @Override
  public void close() throws IOException {
    if (input.file().isPresent()) { // standard input is not ours to close
      content.close();
    }
  }

  private static final class Counted extends FilterInputStream {
    private long bytes;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      bytes += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n = super.read(target, offset, length);
      bytes += Math.max(0, n);
      return n;
    }
  }
}
