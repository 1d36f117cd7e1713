package io.ratatoskr.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A {@code .safetensors} file: the length of a JSON header (8 bytes), the header with each tensor's
 * type, shape and place, and the numbers; all little-endian.
 */
final class Safetensors {
  private static final int LENGTH = Long.BYTES;

  /** Larger headers are none: a layer has a handful of tensors. */
  private static final long MOST_HEADER = 1 << 20;

  private final JsonNode header;
  private final ByteBuffer numbers;

  private Safetensors(JsonNode header, ByteBuffer numbers) {
    this.header = header;
    this.numbers = numbers;
  }

  /** Reads a whole file into memory. */
  static Safetensors read(Path file) throws IOException {
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    if (content.remaining() < LENGTH) {
      throw new IOException("it has %d bytes".formatted(content.remaining()));
    }
    long length = content.getLong();
    if (length < 2 || length > Math.min(MOST_HEADER, content.remaining())) {
      throw new IOException("it has no header, or is cut short");
    }
    byte[] json = new byte[(int) length];
    content.get(json);
    try {
      return new Safetensors(
          JsonMapper.shared().readTree(json), content.slice().order(ByteOrder.LITTLE_ENDIAN));
    } catch (JacksonException e) {
      throw new IOException("its header is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * A tensor's numbers, row by row.
   *
   * @param name the tensor's
   * @param wanted the shape that it must have
   * @throws IOException when there is none of this name and shape, it is not whole, or its numbers
   *     are none of F32, F16, BF16 and F64
   */
  float[] tensor(String name, List<Integer> wanted) throws IOException {
    JsonNode entry = header.path(name);
    List<Integer> shape = new ArrayList<>();
    entry.path("shape").forEach(size -> shape.add(size.asInt(0)));
    if (!shape.equals(wanted)) {
      throw new IOException(
          entry.isMissingNode()
              ? "there is no " + name
              : "%s has the shape %s, and %s is needed".formatted(name, shape, wanted));
    }
    int elements = wanted.stream().reduce(1, Math::multiplyExact);
    long begin = entry.path("data_offsets").path(0).asLong(-1);
    long end = entry.path("data_offsets").path(1).asLong(-1);
    if (begin < 0 || end < begin || end > numbers.limit()) {
      throw new IOException("%s is not whole".formatted(name));
    }
    String type = entry.path("dtype").asString("");
    ByteBuffer from =
        numbers.slice((int) begin, (int) (end - begin)).order(ByteOrder.LITTLE_ENDIAN);
    if (from.limit() != (long) elements * size(name, type)) {
      throw new IOException(
          "%s of type %s and shape %s has %d bytes".formatted(name, type, shape, from.limit()));
    }
    float[] values = new float[elements];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case "F64" -> (float) from.getDouble();
            case "F16" -> Float.float16ToFloat(from.getShort());
            case "BF16" -> Float.intBitsToFloat(from.getShort() << Short.SIZE);
            default -> from.getFloat();
          };
    }
    return values;
  }

  private static int size(String name, String type) throws IOException {
    return switch (type) {
      case "F64" -> Double.BYTES;
      case "F32" -> Float.BYTES;
      case "F16", "BF16" -> Short.BYTES;
      default ->
          throw new IOException(
              "%s has the type %s; F32, F16, BF16 or F64 is needed".formatted(name, type));
    };
  }
}
