package io.ratatoskr.formats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that grows at its end and may be cut back to what is known to be whole. */
public final class GrowingFile implements AutoCloseable {
  private final FileChannel channel;

  private GrowingFile(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Opens or creates the file and cuts off what is after that length.
   *
   * @throws IOException also if the file is shorter
   */
  public static GrowingFile open(Path path, long length) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.size() < length) {
      channel.close();
      throw new IOException(
          path + " has lost data: it had " + length + " bytes; begin anew (--overwrite)");
    }
    channel.truncate(length);
    channel.position(length);
    return new GrowingFile(channel);
  }

  /** Bytes written so far. */
  public long length() throws IOException {
    return channel.position();
  }

  /** Appends the first so many of those bytes. */
  public void append(byte[] bytes, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** Returns when all of it is on the disk. */
  public void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
