package io.ratatoskr.bulk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An append-only file of frames: length, CRC-32C, payload. A process may die in the middle of a
 * write; what follows the last whole frame is then cut off at the next opening.
 */
final class FrameFile implements AutoCloseable {
  private static final int HEADER_BYTES = 8;

  /** Longest payload; a longer length can only be damage. */
  private static final int MAX_BYTES = 256 << 20;

  private final FileChannel channel;

  private FrameFile(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes one payload that was written before. */
  interface Reader {
    void read(ByteBuffer payload) throws IOException;
  }

  /** Opens or creates the file, hands every whole frame to the reader, and goes on after it. */
  static FrameFile open(Path path, Reader reader) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      long end = 0;
      for (ByteBuffer payload = frame(channel, end);
          payload != null;
          payload = frame(channel, end)) {
        end += HEADER_BYTES + payload.remaining();
        reader.read(payload);
      }
      channel.truncate(end);
      channel.position(end);
      return new FrameFile(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable ByteBuffer frame(FileChannel channel, long at) throws IOException {
    if (channel.size() - at < HEADER_BYTES) {
      return null;
    }
    ByteBuffer header = readFully(channel, ByteBuffer.allocate(HEADER_BYTES), at);
    int length = header.getInt();
    int crc = header.getInt();
    if (length < 0 || length > MAX_BYTES || channel.size() - at - HEADER_BYTES < length) {
      return null;
    }
    ByteBuffer payload = readFully(channel, ByteBuffer.allocate(length), at + HEADER_BYTES);
    return crc(payload) == crc ? payload : null;
  }

  private static ByteBuffer readFully(FileChannel channel, ByteBuffer target, long at)
      throws IOException {
    while (target.hasRemaining()) {
      if (channel.read(target, at + target.position()) < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
    return target.flip();
  }

  private static int crc(ByteBuffer payload) {
    CRC32C crc = new CRC32C();
    crc.update(payload.duplicate());
    return (int) crc.getValue();
  }

  /** Appends a frame. It survives the end of this process, and after {@link #force} power loss. */
  void append(byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + payload.length);
    frame.putInt(payload.length).putInt(crc(ByteBuffer.wrap(payload))).put(payload).flip();
    while (frame.hasRemaining()) {
      channel.write(frame);
    }
  }

  void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
