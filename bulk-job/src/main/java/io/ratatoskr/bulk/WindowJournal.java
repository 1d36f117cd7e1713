package io.ratatoskr.bulk;

import io.ratatoskr.bulk.BulkJobException.NotTheSameJob;
import io.ratatoskr.formats.Line;
import io.ratatoskr.formats.Value;
import io.ratatoskr.schemas.Float32;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The answers to an open window's questions, on disk as they come. The first frame holds the
 * window's hash, each other one the answers of one reply.
 */
final class WindowJournal implements AutoCloseable {
  private static final byte GIVEN = 1;
  private static final byte REFUSED = 2;

  private static final byte TEXT = 1;
  private static final byte FLAG = 2;
  private static final byte NUMBER = 3;
  private static final byte NO_NUMBER = 4;
  private static final byte NUMBERS = 5;
  private static final byte TEXTS = 6;

  private final Path path;
  private final FrameFile frames;

  private WindowJournal(Path path, FrameFile frames) {
    this.path = path;
    this.frames = frames;
  }

  /** An answer and the index of its question in the window. */
  record Entry(int question, Answer answer) {}

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
    String spaceId = string(in);
    int count = in.getInt();
    for (int i = 0; i < count; i++) {
      int question = in.getInt();
      window.answer(question, answer(in, spaceId));
    }
  }

  private static Answer answer(ByteBuffer in, String spaceId) {
    if (in.get() == REFUSED) {
      return new Answer.Refused(new Line.Refusal(string(in), string(in)));
    }
    int tokens = in.getInt();
    int count = in.getInt();
    List<Value> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(value(in));
    }
    return new Answer.Given(spaceId, values, tokens);
  }

  private static Value value(ByteBuffer in) {
    byte type = in.get();
    return switch (type) {
      case TEXT -> new Value.Text(string(in));
      case FLAG -> new Value.Flag(in.get() != 0);
      case NUMBER -> new Value.Real(in.getFloat());
      case NO_NUMBER -> new Value.NoReal();
      case NUMBERS -> new Value.Reals(Float32.decode(ByteBuffer.wrap(bytes(in))));
      case TEXTS -> {
        int count = in.getInt();
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          texts.add(string(in));
        }
        yield new Value.Texts(texts);
      }
      default -> throw new IllegalStateException("a journal holds no value of type " + type);
    };
  }

  private static String string(ByteBuffer in) {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return bytes;
  }

  /** Appends the answers of one reply, all of the same space. */
  void append(String spaceId, List<Entry> entries) throws IOException {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(payload);
    write(out, spaceId);
    out.writeInt(entries.size());
    for (Entry entry : entries) {
      out.writeInt(entry.question());
      switch (entry.answer()) {
        case Answer.Given given -> {
          out.writeByte(GIVEN);
          out.writeInt(given.tokens());
          out.writeInt(given.values().size());
          for (Value value : given.values()) {
            write(out, value);
          }
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

  private static void write(DataOutputStream out, Value value) throws IOException {
    switch (value) {
      case Value.Text text -> {
        out.writeByte(TEXT);
        write(out, text.text());
      }
      case Value.Flag flag -> {
        out.writeByte(FLAG);
        out.writeBoolean(flag.set());
      }
      case Value.Real number -> {
        out.writeByte(NUMBER);
        out.writeFloat(number.number());
      }
      case Value.NoReal _ -> out.writeByte(NO_NUMBER);
      case Value.Reals numbers -> {
        out.writeByte(NUMBERS);
        byte[] bytes = Float32.encode(numbers.numbers()).array();
        out.writeInt(bytes.length);
        out.write(bytes);
      }
      case Value.Texts texts -> {
        out.writeByte(TEXTS);
        out.writeInt(texts.texts().size());
        for (String text : texts.texts()) {
          write(out, text);
        }
      }
    }
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
