package io.ratatoskr.bulk;

import io.ratatoskr.bulk.BulkJobException.NotTheSameJob;
import io.ratatoskr.schemas.Float32;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The answers to an open window's texts, on disk as they come. The first frame holds the window's
 * hash, each other one the answers of one reply.
 */
final class WindowJournal implements AutoCloseable {
  private static final byte VECTOR = 1;
  private static final byte REFUSED = 2;

  private final Path path;
  private final FrameFile frames;

  private WindowJournal(Path path, FrameFile frames) {
    this.path = path;
    this.frames = frames;
  }

  /** An answer and the index of its text in the window. */
  record Entry(int text, Answer answer) {}

  /**
   * Opens the window's journal, and gives the window the answers that stand in it.
   *
   * @throws NotTheSameJob if it was written for other lines
   */
  static WindowJournal open(Path path, Window window) throws IOException {
    boolean[] begun = {false};
    FrameFile frames =
        FrameFile.open(
            path,
            payload -> {
              if (begun[0]) {
                readEntries(payload, window);
              } else {
                byte[] hash = new byte[payload.remaining()];
                payload.get(hash);
                requireHash(window, hash);
                begun[0] = true;
              }
            });
    if (!begun[0]) {
      frames.append(window.hash());
    }
    return new WindowJournal(path, frames);
  }

  /** Checks that a window that was read again holds what it held when it was read first. */
  static void requireHash(Window window, byte[] hash) {
    if (!window.hasHash(hash)) {
      long first = window.lines().isEmpty() ? 0 : window.lines().getFirst().number();
      throw new NotTheSameJob(
          "this is not the job that began here",
          List.of("the input's content from line " + first + " on is not what it was"));
    }
  }

  private static void readEntries(ByteBuffer in, Window window) {
    String model = string(in);
    String spaceId = string(in);
    int count = in.getInt();
    for (int i = 0; i < count; i++) {
      int text = in.getInt();
      window.answer(text, answer(in, model, spaceId));
    }
  }

  private static Answer answer(ByteBuffer in, String model, String spaceId) {
    if (in.get() == REFUSED) {
      return new Answer.Refused(new Line.Refusal(string(in), string(in)));
    }
    int tokens = in.getInt();
    boolean truncated = in.get() != 0;
    byte[] vector = bytes(in);
    return new Answer.Vector(
        model, spaceId, Float32.decode(ByteBuffer.wrap(vector)), tokens, truncated);
  }

  private static String string(ByteBuffer in) {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return bytes;
  }

  /** Appends the answers of one reply, all of the same model and space. */
  void append(String model, String spaceId, List<Entry> entries) throws IOException {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(payload);
    write(out, model);
    write(out, spaceId);
    out.writeInt(entries.size());
    for (Entry entry : entries) {
      out.writeInt(entry.text());
      switch (entry.answer()) {
        case Answer.Vector vector -> {
          out.writeByte(VECTOR);
          out.writeInt(vector.tokens());
          out.writeBoolean(vector.truncated());
          byte[] values = Float32.encode(vector.values()).array();
          out.writeInt(values.length);
          out.write(values);
        }
        case Answer.Refused refused -> {
          out.writeByte(REFUSED);
          write(out, refused.refusal().code());
          write(out, refused.refusal().reason());
        }
      }
    }
    frames.append(payload.toByteArray());
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Deletes the journal of a window whose rows are safe. */
  void delete() throws IOException {
    frames.close();
    Files.deleteIfExists(path);
  }

  @Override
  public void close() throws IOException {
    frames.force();
    frames.close();
  }
}
