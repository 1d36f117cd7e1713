package io.ratatoskr.bulk;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The log of a job's finished windows: one frame for each window whose rows and error lines are
 * safely in the growing files, with their lengths then, and one when the output is whole.
 */
final class JobLog implements AutoCloseable {
  private static final byte WINDOW_DONE = 1;
  private static final byte OUTPUT_WHOLE = 2;

  private final FrameFile frames;
  private final List<WindowDone> windows;
  private boolean whole;

  /**
   * A window whose rows are safe.
   *
   * @param hash SHA-256 of its lines
   * @param lines lines of the input
   * @param rows good lines
   * @param reused good lines that shared another's answer
   * @param outputLength length of the output after it
   * @param errorsLength length of the errors file after it
   * @param spaceId vector space of its rows; empty where it has none
   * @param block what the output's last part must know about its rows
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
  record WindowDone(
      byte[] hash,
      int lines,
      int rows,
      int reused,
      long outputLength,
      long errorsLength,
      String spaceId,
      byte[] block) {

    private byte[] encode() throws IOException {
      ByteArrayOutputStream payload = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(payload);
      out.writeByte(WINDOW_DONE);
      write(out, hash);
      out.writeInt(lines);
      out.writeInt(rows);
      out.writeInt(reused);
      out.writeLong(outputLength);
      out.writeLong(errorsLength);
      write(out, spaceId.getBytes(StandardCharsets.UTF_8));
      write(out, block);
      return payload.toByteArray();
    }

    private static WindowDone decode(ByteBuffer in) {
      return new WindowDone(
          bytes(in),
          in.getInt(),
          in.getInt(),
          in.getInt(),
          in.getLong(),
          in.getLong(),
          new String(bytes(in), StandardCharsets.UTF_8),
          bytes(in));
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
      out.writeInt(bytes.length);
      out.write(bytes);
    }

    private static byte[] bytes(ByteBuffer in) {
      byte[] bytes = new byte[in.getInt()];
      in.get(bytes);
      return bytes;
    }
  }

  private JobLog(FrameFile frames, List<WindowDone> windows, boolean whole) {
    this.frames = frames;
    this.windows = windows;
    this.whole = whole;
  }

  static JobLog open(Path path) throws IOException {
    List<WindowDone> windows = new ArrayList<>();
    boolean[] whole = {false};
    FrameFile frames =
        FrameFile.open(
            path,
            payload -> {
              if (payload.get() == OUTPUT_WHOLE) {
                whole[0] = true;
              } else {
                windows.add(WindowDone.decode(payload));
              }
            });
    return new JobLog(frames, windows, whole[0]);
  }

  /** The windows done so far, in order. */
  List<WindowDone> windows() {
    return windows;
  }

  /** Lines of those windows that have no row. */
  long errorLines() {
    return windows.stream().mapToLong(window -> window.lines() - window.rows()).sum();
  }

  boolean whole() {
    return whole;
  }

  /** Remembers a window whose rows were forced to the disk. */
  void windowDone(WindowDone window) throws IOException {
    frames.append(window.encode());
    frames.force();
    windows.add(window);
  }

  /** Remembers that the output was forced to the disk, its end included. */
  void outputWhole() throws IOException {
    frames.append(new byte[] {OUTPUT_WHOLE});
    frames.force();
    whole = true;
  }

  @Override
  public void close() throws IOException {
    frames.close();
  }
}
