package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
  private static final String ID = "01890a5d-ac96-774b-bcce-b302099a8057";

  private static Headers minimal() {
    Headers headers = new RecordHeaders();
    headers.add(Envelope.REQUEST_ID, ID.getBytes(UTF_8));
    headers.add(Envelope.INBOX, "3:abc".getBytes(UTF_8));
    headers.add(Envelope.MODEL, "m".getBytes(UTF_8));
    return headers;
  }

  @Property
  void read_whatWasWritten_isEqual(
      @ForAll long high,
      @ForAll long low,
      @ForAll @IntRange(max = 1000) int partition,
      @ForAll @LongRange(min = 1) long timeoutMs,
      @ForAll @StringLength(max = 100) String tenant,
      @ForAll DataPolicy policy,
      @ForAll CacheMode cache,
      @ForAll boolean preset,
      @ForAll boolean stream,
      @ForAll boolean job) {
    Envelope envelope =
        new Envelope(
            new RequestHead(
                new RequestId(new UUID(high, low)),
                preset ? "" : "model-é",
                preset ? "fast" : "",
                stream,
                new String(tenant.getBytes(UTF_8), UTF_8), // lone surrogates have no UTF-8
                policy,
                cache,
                stream ? new RoutingHints("p", "general", "é") : RoutingHints.NONE),
            new Inbox(partition, "abc"),
            Duration.ofMillis(timeoutMs),
            job ? new JobEpoch("job", high >>> 1) : null,
            job ? null : "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    Headers headers = new RecordHeaders();

    envelope.writeTo(headers);
    envelope.writeTo(headers);

    assertThat(Envelope.read(headers, DEFAULT_TIMEOUT)).isEqualTo(envelope);
    assertThat(Envelope.ReplyTo.read(headers)).contains(envelope.replyTo());
    assertThat(headers.headers(Envelope.REQUEST_ID)).hasSize(1);
  }

  @Test
  void read_optionalOnesAbsent_takesDefaults() {
    assertThat(Envelope.read(minimal(), DEFAULT_TIMEOUT))
        .isEqualTo(
            new Envelope(
                RequestHead.of(RequestId.parse(ID), "m"),
                new Inbox(3, "abc"),
                DEFAULT_TIMEOUT,
                null,
                null));
  }

  @ParameterizedTest
  @ValueSource(strings = {Envelope.REQUEST_ID, Envelope.INBOX})
  void read_requiredOneMissing_namesIt(String name) {
    Headers headers = minimal();
    headers.remove(name);

    assertThatThrownBy(() -> Envelope.read(headers, DEFAULT_TIMEOUT))
        .isInstanceOf(BadEnvelopeException.class)
        .hasMessageContaining(name);
    assertThat(Envelope.ReplyTo.read(headers)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "request-id, 7",
    "request-id, 01890a5d-ac96-774b-bcce-b302099a805x",
    "request-id, 0000001890a5d-ac96-774b-bcce-b302099a8057",
    "inbox, abc",
    "inbox, :abc",
    "inbox, x:abc",
    "inbox, -1:abc",
    "inbox, 99999999999:abc",
    "inbox, 3:",
    "inbox, 3:a b",
    "timeout-ms, soon",
    "timeout-ms, 0",
    "timeout-ms, -5",
    "timeout-ms, 99999999999999999999",
    "stream, yes",
    "data-policy, anywhere",
    "cache, maybe"
  })
  void read_malformed_namesTheHeader(String name, String value) {
    Headers headers = minimal();
    headers.remove(name).add(name, value.getBytes(UTF_8));

    assertThatThrownBy(() -> Envelope.read(headers, DEFAULT_TIMEOUT))
        .isInstanceOf(BadEnvelopeException.class)
        .hasMessageContaining(name);
  }

  @Test
  void read_neitherModelNorPreset_saysWhatToName() {
    Headers headers = minimal();
    headers.remove(Envelope.MODEL);

    assertThatThrownBy(() -> Envelope.read(headers, DEFAULT_TIMEOUT))
        .isInstanceOf(BadEnvelopeException.class)
        .hasMessage("header model is missing; name the model, or a preset in header preset");
    headers.add(Envelope.MODEL, " ".getBytes(UTF_8));
    assertThatThrownBy(() -> Envelope.read(headers, DEFAULT_TIMEOUT))
        .isInstanceOf(BadEnvelopeException.class);
    assertThat(Envelope.ReplyTo.read(headers)).isPresent();
  }

  @Test
  void read_modelAndPreset_isRefused() {
    Headers headers = minimal();
    headers.add(Envelope.PRESET, "fast".getBytes(UTF_8));

    assertThatThrownBy(() -> Envelope.read(headers, DEFAULT_TIMEOUT))
        .isInstanceOf(BadEnvelopeException.class)
        .hasMessageContaining("model and preset");
  }

  @ParameterizedTest
  @ValueSource(strings = {Envelope.MODEL, Envelope.PRESET})
  void read_nameTooLong_namesTheHeader(String name) {
    Headers headers = minimal();
    headers.remove(Envelope.MODEL).add(name, "x".repeat(257).getBytes(UTF_8));

    assertThatThrownBy(() -> Envelope.read(headers, DEFAULT_TIMEOUT))
        .isInstanceOf(BadEnvelopeException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("256");
  }

  @Test
  void read_tenantTooLong_namesTheHeader() {
    Headers headers = minimal();
    headers.add(Envelope.TENANT, "x".repeat(101).getBytes(UTF_8));

    assertThatThrownBy(() -> Envelope.read(headers, DEFAULT_TIMEOUT))
        .isInstanceOf(BadEnvelopeException.class)
        .hasMessageContaining("tenant");
  }

  @Test
  void read_inboxIdOf64_isTaken_of65Not() {
    Headers headers = minimal();
    headers.remove(Envelope.INBOX).add(Envelope.INBOX, ("0:" + "i".repeat(64)).getBytes(UTF_8));
    assertThat(Envelope.read(headers, DEFAULT_TIMEOUT).inbox().id()).hasSize(64);

    headers.remove(Envelope.INBOX).add(Envelope.INBOX, ("0:" + "i".repeat(65)).getBytes(UTF_8));
    assertThatThrownBy(() -> Envelope.read(headers, DEFAULT_TIMEOUT))
        .isInstanceOf(BadEnvelopeException.class);
  }
}
