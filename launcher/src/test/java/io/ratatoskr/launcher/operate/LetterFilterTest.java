package io.ratatoskr.launcher.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.DeadLetter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LetterFilterTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private static DeadLetter.Builder content() {
    return DeadLetter.newBuilder()
        .setTopic(Topics.requests(Domain.DEFAULT, Lane.BULK, Capability.EMBED))
        .setPartition(3)
        .setOffset(14)
        .setTimestampMs(0)
        .setKey(null)
        .setValue(null)
        .setHeaders(Map.of())
        .setCode("Http")
        .setReason("reset");
  }

  private static Letter letter(DeadLetter content) {
    return new Letter(new Letter.Id(1, 2), NOW.minusSeconds(3600), content, null);
  }

  private static LetterFilter filter(String... terms) {
    return LetterFilter.parse(List.of(terms), CLOCK);
  }

  @ParameterizedTest
  @CsvSource({
    "code=Http, true",
    "code=http, false",
    "code~htt, true",
    "code=, false",
    "lane=bulk, true",
    "capability=embed, true",
    "capability~BED, true",
    "tenant=acme, true",
    "tenant=other, false",
    "model~minilm, true",
    "topic~interactive, false",
    "since=1h, true",
    "since=59m, false",
    "since=2026-11-28T11:00:00Z, true",
    "since=2026-11-28T11:00:01Z, false",
  })
  void term_takesOrLeavesALetter(String term, boolean takes) {
    Letter letter = letter(content().setTenant("acme").setModel("all-minilm").build());
    assertThat(filter(term).takes(letter)).isEqualTo(takes);
  }

  @Test
  void allTermsHaveToHold() {
    Letter letter = letter(content().setTenant("acme").build());
    assertThat(filter("code=Http", "tenant=acme").takes(letter)).isTrue();
    assertThat(filter("code=Http", "tenant=other").takes(letter)).isFalse();
    assertThat(filter().takes(letter)).isTrue();
  }

  @Test
  void recordThatCouldNotBeRead_isKnownByItsHeaders() {
    Map<String, ByteBuffer> headers =
        Map.of(
            "tenant", ByteBuffer.wrap("acme".getBytes(StandardCharsets.UTF_8)),
            "model", ByteBuffer.wrap("m".getBytes(StandardCharsets.UTF_8)));
    Letter letter = letter(content().setHeaders(headers).build());
    assertThat(filter("tenant=acme", "model=m").takes(letter)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"code", "code:Http", "colour=red", "since~1h", "since=soon", "=x", ""})
  void whatIsNoTerm_isRefusedByName(String term) {
    assertThatThrownBy(() -> filter(term))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("--where");
  }

  @Test
  void id_isReadAsItIsWritten() {
    assertThat(Letter.Id.parse("3-12")).isEqualTo(new Letter.Id(3, 12)).hasToString("3-12");
    assertThatThrownBy(() -> Letter.Id.parse("3@12")).hasMessageContaining("dlq list");
    assertThatThrownBy(() -> Letter.Id.parse("99999999999-1")).hasMessageContaining("no ID");
  }
}
