package io.ratatoskr.onnx;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds the files in which a graph keeps weights beside itself. A graph is a Protocol Buffers
 * message; only the few fields on the way to the names of these files are looked at, everything
 * else is stepped over unread.
 */
final class ExternalWeights {
  private static final String LOCATION = "location";

  /** Messages of the ONNX format that can hold a tensor, or are one. */
  private enum Message {
    MODEL,
    GRAPH,
    FUNCTION,
    NODE,
    ATTRIBUTE,
    TENSOR,
    SPARSE_TENSOR,
    /** A key and a value that say where a tensor's numbers are. */
    EXTERNAL_DATA
  }

  /** A field that holds a message of interest. */
  private record Field(Message of, int number, Message holds) {}

  private static final List<Field> FIELDS =
      List.of(
          new Field(Message.MODEL, 7, Message.GRAPH),
          new Field(Message.MODEL, 25, Message.FUNCTION),
          new Field(Message.FUNCTION, 7, Message.NODE),
          new Field(Message.GRAPH, 1, Message.NODE),
          new Field(Message.GRAPH, 5, Message.TENSOR),
          new Field(Message.GRAPH, 15, Message.SPARSE_TENSOR),
          new Field(Message.SPARSE_TENSOR, 1, Message.TENSOR),
          new Field(Message.SPARSE_TENSOR, 2, Message.TENSOR),
          new Field(Message.NODE, 5, Message.ATTRIBUTE),
          new Field(Message.ATTRIBUTE, 5, Message.TENSOR),
          new Field(Message.ATTRIBUTE, 10, Message.TENSOR),
          new Field(Message.ATTRIBUTE, 6, Message.GRAPH),
          new Field(Message.ATTRIBUTE, 11, Message.GRAPH),
          new Field(Message.TENSOR, 13, Message.EXTERNAL_DATA));

  private final SortedSet<String> locations = new TreeSet<>();

  private ExternalWeights() {}

  /**
   * The files in the order of their names; none where the graph holds all its weights.
   *
   * @throws IOException when the graph cannot be read
   */
  static List<Path> of(Path graph) throws IOException {
    ExternalWeights found = new ExternalWeights();
    try (FileChannel channel = FileChannel.open(graph);
        Arena arena = Arena.ofConfined()) {
      // Mapped, so that weights inside the graph are not even read.
      ByteBuffer content =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena).asByteBuffer();
      found.read(Message.MODEL, content.order(ByteOrder.LITTLE_ENDIAN));
    } catch (ArithmeticException
        | IndexOutOfBoundsException
        | java.nio.BufferUnderflowException
        | IllegalArgumentException e) {
      throw new IOException(graph + " is no whole ONNX graph", e);
    }
    return found.locations.stream().map(graph::resolveSibling).toList();
  }

  private void read(Message message, ByteBuffer content) {
    String key = "";
    String value = "";
    while (content.hasRemaining()) {
      long tag = varint(content);
      int number = (int) (tag >>> 3);
      switch ((int) (tag & 7)) {
        case 0 -> varint(content);
        case 1 -> content.position(content.position() + Long.BYTES);
        case 5 -> content.position(content.position() + Integer.BYTES);
        case 2 -> {
          int length = Math.toIntExact(varint(content));
          ByteBuffer field =
              content.slice(content.position(), length).order(ByteOrder.LITTLE_ENDIAN);
          content.position(content.position() + length);
          if (message == Message.EXTERNAL_DATA) {
            String text = StandardCharsets.UTF_8.decode(field).toString();
            key = number == 1 ? text : key;
            value = number == 2 ? text : value;
          } else {
            FIELDS.stream()
                .filter(known -> known.of() == message && known.number() == number)
                .forEach(known -> read(known.holds(), field));
          }
        }
        default -> throw new IllegalArgumentException("wire type " + (tag & 7));
      }
    }
    if (key.equals(LOCATION)) {
      locations.add(value);
    }
  }

  private static long varint(ByteBuffer content) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = content.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number of more than ten bytes");
  }
}
