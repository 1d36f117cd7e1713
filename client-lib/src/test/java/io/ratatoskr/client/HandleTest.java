package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandleTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 32_768, 65_535})
  void parse_whatWasPrinted_isEqual(int partition) {
    Random random = new Random(partition);
    byte[] key = new byte[Fingerprint.BYTES];
    random.nextBytes(key);
    RequestId id = new RequestId(new UUID(random.nextLong(), random.nextLong()));
    for (Lane lane : Lane.values()) {
      Handle handle = new Handle(id, Fingerprint.ofKey(key), lane, partition);

      assertThat(Handle.parse(handle.toString())).isEqualTo(handle);
      assertThat(handle.toString()).matches("E[A-Za-z0-9_-]{67}");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not base64!",
        "EAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      })
  void parse_noHandle_saysWhatOneIs(String text) {
    assertThatThrownBy(() -> Handle.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("68 letters");
  }
}
