package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandleTest {
  private static final Instant DEADLINE = Instant.parse("2099-12-31T23:59:59.001Z");

  private static Handle handle(Domain domain, Lane lane, Capability capability, int partition) {
    Random random = new Random(partition);
    byte[] key = new byte[Fingerprint.BYTES];
    random.nextBytes(key);
    RequestId id = new RequestId(new UUID(random.nextLong(), random.nextLong()));
    return new Handle(domain, lane, capability, id, Fingerprint.ofKey(key), partition, DEADLINE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 32_768, 65_535})
  void parse_whatWasPrinted_isEqual(int partition) {
    for (Lane lane : Lane.values()) {
      Handle handle = handle(Domain.DEFAULT, lane, Capability.CHAT, partition);

      assertThat(Handle.parse(handle.toString())).isEqualTo(handle);
      assertThat(handle.toString()).matches("E[A-Za-z0-9_-]{78}");
    }
  }

  @ParameterizedTest
  @EnumSource
  void parse_ofEachCapability_andAnotherDomain_isEqual(Capability capability) {
    Handle handle = handle(new Domain("acme.eu-1"), Lane.BULK, capability, 3);

    assertThat(Handle.parse(handle.toString())).isEqualTo(handle);
  }

  @Test
  void deadline_isInWholeSeconds_roundedUp() {
    assertThat(handle(Domain.DEFAULT, Lane.BULK, Capability.NLI, 0).deadline())
        .isEqualTo("2100-01-01T00:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not base64!",
        "EAAA",
        "EAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      })
  void parse_noHandle_saysSo(String text) {
    assertThatThrownBy(() -> Handle.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no request's");
  }
}
