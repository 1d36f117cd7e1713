package io.ratatoskr.bulk;

import io.ratatoskr.bulk.BulkJobException.InputUnusable;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;

/** The input's bytes, decompressed, with a count of those read from the file itself. */
final class InputFile implements AutoCloseable {
  private final JobConfig config;
  private final OptionalLong size;
  private final Counted counted;
  private final InputStream content;

  private InputFile(JobConfig config, InputStream standardInput) throws IOException {
    this.config = config;
    this.size =
        config.input().isPresent()
            ? OptionalLong.of(Files.size(config.input().get()))
            : OptionalLong.empty();
    InputStream file =
        config.input().isPresent() ? Files.newInputStream(config.input().get()) : standardInput;
    this.counted = new Counted(new BufferedInputStream(file, 256 * 1024));
    this.content = config.gzip() ? new GZIPInputStream(counted, 64 * 1024) : counted;
  }

  static InputFile open(JobConfig config, InputStream standardInput) {
    if (config.input().isPresent() && Files.isDirectory(config.input().get())) {
      throw new InputUnusable("the input " + config.input().get() + " is a folder", null);
    }
    try {
      return new InputFile(config, standardInput);
    } catch (NoSuchFileException e) {
      throw new InputUnusable("there is no input " + e.getFile(), e);
    } catch (IOException e) {
      throw unreadable(config, e);
    }
  }

  private static InputUnusable unreadable(JobConfig config, IOException e) {
    String name = config.input().map(Path::toString).orElse("standard input");
    return new InputUnusable("cannot read " + name + ": " + e.getMessage(), e);
  }

  InputUnusable unreadable(IOException e) {
    return unreadable(config, e);
  }

  /**
   * What a resumed job compares before it reads. The content itself is compared while it is read.
   */
  static Map<String, String> identity(JobConfig config) throws IOException {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("input", config.input().map(Path::toString).orElse("-"));
    if (config.input().isPresent() && Files.isRegularFile(config.input().get())) {
      Path file = config.input().get();
      identity.put("input size", Long.toString(Files.size(file)));
      identity.put("input modified", Files.getLastModifiedTime(file).toString());
    }
    return identity;
  }

  InputStream content() {
    return content;
  }

  /** Size of the file; empty for standard input. */
  OptionalLong size() {
    return size;
  }

  /** Bytes read from the file so far, compressed ones where it is compressed. */
  long bytesRead() {
    return counted.bytes;
  }

  @Override
  public void close() throws IOException {
    if (config.input().isPresent()) { // standard input is not ours to close
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
