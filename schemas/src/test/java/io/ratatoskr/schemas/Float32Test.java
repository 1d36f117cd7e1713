package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class Float32Test {
  @Property
  void decode_whatWasEncoded_isEqualBitForBit(@ForAll float[] vector) {
    ByteBuffer bytes = Float32.encode(vector);

    assertThat(Float32.decode(bytes)).containsExactly(vector);
    assertThat(bytes.remaining()).isEqualTo(4 * vector.length);
  }

  @Test
  void encode_isLittleEndian() {
    assertThat(Float32.encode(new float[] {1f, -2f}).array())
        .containsExactly(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0);
  }

  @Test
  void decode_bigEndianView_isTheSame() {
    ByteBuffer shifted =
        ByteBuffer.allocate(9).put((byte) 7).put(Float32.encode(new float[] {3, 4}));
    shifted.flip().position(1);

    assertThat(Float32.decode(shifted)).containsExactly(3f, 4f);
    assertThat(shifted.position()).isEqualTo(1);
  }

  @Test
  void decode_noMultipleOfFour_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Float32.decode(ByteBuffer.allocate(7)))
        .withMessageContaining("7 bytes");
  }

  @Test
  void cosine_isOfTheDirectionsAlone() {
    float[] vector = {3, 4};

    assertThat(Float32.cosine(vector, new float[] {6, 8})).isEqualTo(1);
    assertThat(Float32.cosine(vector, new float[] {-3, -4})).isEqualTo(-1);
    assertThat(Float32.cosine(vector, new float[] {4, -3})).isZero();
    assertThat(Float32.cosine(vector, new float[] {1, 0})).isEqualTo(0.6);
    assertThat(Float32.cosine(vector, new float[2])).isNaN();
  }

  @Test
  void cosine_ofTwoLengths_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Float32.cosine(new float[2], new float[3]))
        .withMessageContaining("2 and 3");
  }
}
