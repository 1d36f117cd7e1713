package io.ratatoskr.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs batches for one thread: pads them, feeds them from buffers outside the heap that it uses
 * again and again, and makes each row's result of the output where it lies.
 */
final class BatchRunner {
  private static final ByteBuffer NOTHING = allocate(0);

  private final ModelSession session;
  private final Signature signature;
  private final Padding padding;
  private final List<Feed> feeds = new ArrayList<>();
  private ByteBuffer output = allocate(0);

  BatchRunner(ModelSession session, Padding padding) {
    this.session = session;
    this.signature = session.signature();
    this.padding = padding;
    feeds.add(new Feed(signature.ids(), Encoded::id, padding.id()));
    feeds.add(new Feed(signature.mask(), (row, token) -> 1, 0));
    signature.typeIds().ifPresent(name -> feeds.add(new Feed(name, Encoded::typeId, 0)));
    signature.positionIds().ifPresent(name -> feeds.add(new Feed(name, (row, token) -> token, 0)));
  }

  /**
   * Runs once to learn the output's last dimension, which not every graph says: numbers a token, or
   * a row where the graph pools by itself.
   *
   * @throws OrtException when the run fails, or the output is not {@code [rows][width]} or {@code
   *     [rows][padded tokens][width]} as its signature says
   */
  int width(List<Encoded> rows) throws OrtException {
    int padded = padded(rows);
    try (Inputs inputs = fill(rows, padded)) {
      long[] shape = session.shapeOf(inputs.tensors);
      boolean asExpected =
          signature.pooled()
              ? shape.length == 2 && shape[0] == rows.size()
              : shape.length == 3 && shape[0] == rows.size() && shape[1] == padded;
      if (!asExpected) {
        throw new OrtException(
            "output %s has the shape %s for a batch of %d rows of %d tokens"
                .formatted(signature.output(), Arrays.toString(shape), rows.size(), padded));
      }
      return Math.toIntExact(shape[shape.length - 1]);
    }
  }

  /**
   * Runs a batch.
   *
   * @param rows one or more, each of one token or more; they are padded to the longest
   * @param head makes a row's result of {@code [width]} numbers, or of {@code [tokens][width]}
   * @return {@code [rows][head.dimensions()]}: the result of each row, not normalised
   */
  List<float[]> run(List<Encoded> rows, Head head) throws OrtException {
    int padded = padded(rows);
    int width = head.width();
    int rowElements = signature.pooled() ? width : Math.multiplyExact(padded, width);
    long[] shape =
        signature.pooled()
            ? new long[] {rows.size(), width}
            : new long[] {rows.size(), padded, width};
    int bytes =
        Math.multiplyExact(
            Math.multiplyExact(rows.size(), rowElements), signature.outputType().size);
    output = atLeast(output, bytes);
    ByteBuffer vectors = output.slice(0, bytes).order(ByteOrder.nativeOrder());
    try (Inputs inputs = fill(rows, padded);
        OnnxTensor into = session.tensor(vectors, signature.outputType(), shape)) {
      session.run(inputs.tensors, into);
    }
    VectorReader reader = VectorReader.of(vectors, signature.outputType());
    List<float[]> results = new ArrayList<>(rows.size());
    for (int row = 0; row < rows.size(); row++) {
      int length = rows.get(row).length();
      int before = signature.pooled() ? 0 : padding.begin(length, padded) * width;
      results.add(head.of(reader, row * rowElements + before, length));
    }
    return results;
  }

  private static int padded(List<Encoded> rows) {
    return rows.stream().mapToInt(Encoded::length).max().orElseThrow();
  }

  private Inputs fill(List<Encoded> rows, int padded) throws OrtException {
    OnnxJavaType type = signature.inputType();
    int bytes = Math.multiplyExact(Math.multiplyExact(rows.size(), padded), type.size);
    long[] shape = {rows.size(), padded};
    Inputs inputs = new Inputs();
    try {
      for (Feed feed : feeds) {
        ByteBuffer filled = feed.fill(rows, padded, bytes);
        inputs.add(feed.name, session.tensor(filled, type, shape));
      }
      for (Signature.Past past : signature.past()) {
        inputs.add(
            past.name(),
            session.tensor(NOTHING, past.type(), rows.size(), past.heads(), 0, past.width()));
      }
      return inputs;
    } catch (OrtException e) {
      inputs.close();
      throw e;
    }
  }

  /** The number that an input has for one token of a row. */
  @FunctionalInterface
  private interface Value {
    int of(Encoded row, int token);
  }

  /** One input of the graph, {@code [rows][padded tokens]}, and the buffer it is fed from. */
  private final class Feed {
    private final String name;
    private final Value value;
    private final int pad;
    private ByteBuffer buffer = allocate(0);

    /**
     * @param pad what stands where a row has no token
     */
    Feed(String name, Value value, int pad) {
      this.name = name;
      this.value = value;
      this.pad = pad;
    }

    ByteBuffer fill(List<Encoded> rows, int padded, int bytes) {
      buffer = atLeast(buffer, bytes);
      int element = 0;
      for (Encoded row : rows) {
        int begin = padding.begin(row.length(), padded);
        for (int at = 0; at < padded; at++, element++) {
          int token = at - begin;
          boolean own = token >= 0 && token < row.length();
          put(buffer, element, own ? value.of(row, token) : pad);
        }
      }
      return buffer.slice(0, bytes).order(ByteOrder.nativeOrder());
    }
  }

  private void put(ByteBuffer buffer, int element, int value) {
    if (signature.inputType() == OnnxJavaType.INT64) {
      buffer.putLong(element * Long.BYTES, value);
    } else {
      buffer.putInt(element * Integer.BYTES, value);
    }
  }

  private static ByteBuffer atLeast(ByteBuffer buffer, int bytes) {
    return buffer.capacity() >= bytes ? buffer : allocate(bytes);
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /** The tensors of one run, closed together. */
  private static final class Inputs implements AutoCloseable {
    private final Map<String, OnnxTensor> tensors = new HashMap<>();

    void add(String name, OnnxTensor tensor) {
      tensors.put(name, tensor);
    }

    @Override
    public void close() {
      tensors.values().forEach(OnnxTensor::close);
    }
  }
}
