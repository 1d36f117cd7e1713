package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  private static final String HEADER =
      """
      {"__metadata__": {"format": "pt"},
       "f32": {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]},
       "f16": {"dtype": "F16", "shape": [2], "data_offsets": [8, 12]},
       "bf16": {"dtype": "BF16", "shape": [1], "data_offsets": [12, 14]},
       "f64": {"dtype": "F64", "shape": [1], "data_offsets": [14, 22]},
       "i8": {"dtype": "I8", "shape": [1], "data_offsets": [0, 1]},
       "short": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]},
       "outside": {"dtype": "F32", "shape": [2], "data_offsets": [20, 28]}}
      """;

  @TempDir Path temp;

  @Test
  void tensor_ofEachType_isReadAsFp32() throws IOException {
    Safetensors file = Safetensors.read(file(HEADER));
    assertThat(file.tensor("f32", List.of(1, 2))).containsExactly(1.5f, -2f);
    assertThat(file.tensor("f16", List.of(2))).containsExactly(0.25f, -65504f);
    assertThat(file.tensor("bf16", List.of(1))).containsExactly(-3f);
    assertThat(file.tensor("f64", List.of(1))).containsExactly(0.1f);
  }

  @Test
  void tensor_thatIsNotAsNeeded_isRefused() throws IOException {
    Safetensors file = Safetensors.read(file(HEADER));
    assertThatThrownBy(() -> file.tensor("none", List.of(2))).hasMessage("there is no none");
    assertThatThrownBy(() -> file.tensor("f32", List.of(2)))
        .hasMessageContainingAll("[1, 2]", "[2]");
    assertThatThrownBy(() -> file.tensor("i8", List.of(1))).hasMessageContainingAll("I8", "BF16");
    assertThatThrownBy(() -> file.tensor("short", List.of(2))).hasMessageContaining("4 bytes");
    assertThatThrownBy(() -> file.tensor("outside", List.of(2))).hasMessageContaining("not whole");
  }

  @Test
  void read_whatIsNoSuchFile_isRefused() throws IOException {
    Path pointer = temp.resolve("pointer");
    Files.writeString(pointer, "version https://git-lfs.github.com/spec/v1\n");
    Path empty = Files.createFile(temp.resolve("empty"));
    assertThatThrownBy(() -> Safetensors.read(pointer)).hasMessageContaining("no header");
    assertThatThrownBy(() -> Safetensors.read(empty)).hasMessageContaining("0 bytes");
    assertThatThrownBy(() -> Safetensors.read(file("{ and no more")))
        .hasMessageContaining("no JSON");
  }

  private Path file(String header) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer content =
        ByteBuffer.allocate(Long.BYTES + json.length + 22).order(ByteOrder.LITTLE_ENDIAN);
    content.putLong(json.length).put(json);
    content.putFloat(1.5f).putFloat(-2);
    content.putShort(Float.floatToFloat16(0.25f)).putShort(Float.floatToFloat16(-65504));
    content.putShort((short) (Float.floatToIntBits(-3) >>> 16)).putDouble(0.1);
    return Files.write(temp.resolve("model.safetensors"), content.array());
  }
}
