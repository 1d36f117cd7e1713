package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.wire.DeadLetter;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private static final DeadLetters.Origin ORIGIN = new DeadLetters.Origin("a.topic", 3, 14);

  private static DeadLetter letter(byte[] key, byte[] value, Headers headers) {
    return DeadLetters.of(ORIGIN, 7, key, value, headers, InferenceError.invalidInput("bad"));
  }

  @Test
  void letter_hasTheRecordItsOriginAndTheReason() {
    byte[] value = {1};
    Headers headers = new RecordHeaders().add("a", new byte[] {2}).add("a", value).add("b", null);

    assertThat(letter(new byte[] {4}, value, headers))
        .isEqualTo(
            DeadLetter.newBuilder()
                .setTopic("a.topic")
                .setPartition(3)
                .setOffset(14)
                .setTimestampMs(7)
                .setKey(ByteBuffer.wrap(new byte[] {4}))
                .setValue(ByteBuffer.wrap(value))
                .setHeaders(Map.of("a", ByteBuffer.wrap(value)))
                .setCode("InvalidInput")
                .setReason("bad")
                .build());
  }

  @Test
  void recordWithoutKeyAndValue_hasNone() {
    DeadLetter letter =
        DeadLetters.of(
            ORIGIN, 7, null, null, new RecordHeaders(), InferenceError.invalidInput("bad"));

    assertThat(letter.getKey()).isNull();
    assertThat(letter.getValue()).isNull();
    assertThat(letter.getReason()).isEqualTo("bad");
  }

  @Test
  void largeValue_isLeftOut_andTheReasonSaysSo() {
    DeadLetter letter =
        letter(new byte[1], new byte[DeadLetters.VALUE_BYTES + 1], new RecordHeaders());

    assertThat(letter.getValue()).isNull();
    assertThat(letter.getReason()).isEqualTo("bad; the value is too large to be kept here");
    assertThat(
            letter(new byte[1], new byte[DeadLetters.VALUE_BYTES], new RecordHeaders()).getValue())
        .isNotNull();
  }

  @Test
  void headersThatWouldNotFit_areLeftOut() {
    Headers large = new RecordHeaders().add("a", new byte[4097]).add("b", new byte[4096]);
    assertThat(letter(new byte[1], new byte[1], large).getHeaders()).containsOnlyKeys("b");

    Headers many = new RecordHeaders();
    for (int i = 0; i < 100; i++) {
      many.add("header-" + i, new byte[4096]);
    }
    assertThat(letter(new byte[1], new byte[1], many).getHeaders())
        .hasSize(16)
        .containsKey("header-0");
  }
}
