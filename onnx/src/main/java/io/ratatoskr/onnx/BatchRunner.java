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
 * again and again, and pools what comes out where it lies.
 */
final class BatchRunner {
  private final ModelSession session;
  private final Signature signature;
  private final Pooling pooling;
  private final int padId;
  private ByteBuffer ids = allocate(0);
  private ByteBuffer mask = allocate(0);
  private ByteBuffer typeIds = allocate(0);
  private ByteBuffer output = allocate(0);

  BatchRunner(ModelSession session, Pooling pooling, int padId) {
    this.session = session;
    this.signature = session.signature();
    this.pooling = pooling;
    this.padId = padId;
  }

  /** One run to learn how many numbers a row has, which not every graph says. */
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

  /** The numbers of each row, pooled and not normalised. */
  List<float[]> run(List<Encoded> rows, int width) throws OrtException {
    int padded = padded(rows);
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
    List<float[]> pooled = new ArrayList<>(rows.size());
    for (int row = 0; row < rows.size(); row++) {
      pooled.add(reader.pool(pooling, row * rowElements, rows.get(row).length(), width));
    }
    return pooled;
  }

  private static int padded(List<Encoded> rows) {
    return rows.stream().mapToInt(Encoded::length).max().orElseThrow();
  }

  private Inputs fill(List<Encoded> rows, int padded) throws OrtException {
    OnnxJavaType type = signature.inputType();
    int bytes = Math.multiplyExact(Math.multiplyExact(rows.size(), padded), type.size);
    ids = atLeast(ids, bytes);
    mask = atLeast(mask, bytes);
    typeIds = signature.typeIds().isPresent() ? atLeast(typeIds, bytes) : typeIds;
    int element = 0;
    for (Encoded row : rows) {
      for (int t = 0; t < padded; t++, element++) {
        boolean token = t < row.length();
        put(ids, element, token ? row.id(t) : padId);
        put(mask, element, token ? 1 : 0);
        if (signature.typeIds().isPresent()) {
          put(typeIds, element, token ? row.typeId(t) : 0);
        }
      }
    }
    long[] shape = {rows.size(), padded};
    Inputs inputs = new Inputs();
    try {
      inputs.add(signature.ids(), session.tensor(slice(ids, bytes), type, shape));
      inputs.add(signature.mask(), session.tensor(slice(mask, bytes), type, shape));
      if (signature.typeIds().isPresent()) {
        inputs.add(signature.typeIds().get(), session.tensor(slice(typeIds, bytes), type, shape));
      }
      return inputs;
    } catch (OrtException e) {
      inputs.close();
      throw e;
    }
  }

  private void put(ByteBuffer buffer, int element, int value) {
    if (signature.inputType() == OnnxJavaType.INT64) {
      buffer.putLong(element * Long.BYTES, value);
    } else {
      buffer.putInt(element * Integer.BYTES, value);
    }
  }

  private static ByteBuffer slice(ByteBuffer buffer, int bytes) {
    return buffer.slice(0, bytes).order(ByteOrder.nativeOrder());
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
