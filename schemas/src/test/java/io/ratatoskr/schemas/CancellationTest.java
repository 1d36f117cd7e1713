package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CancellationTest {
  private static final String ID = "01890a5d-ac96-774b-bcce-b302099a8057";

  private static Headers headers(String... namesAndValues) {
    Headers headers = new RecordHeaders();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1].getBytes(UTF_8));
    }
    return headers;
  }

  static Stream<Cancellation> cancellations() {
    return Stream.of(
        new Cancellation.OfRequest(RequestId.parse(ID)),
        new Cancellation.UnlessRenewed(RequestId.parse(ID), Duration.ofSeconds(15)),
        new Cancellation.OfJob(new JobEpoch("corpus", 1_795_853_767_000L)));
  }

  @ParameterizedTest
  @MethodSource("cancellations")
  void read_whatWasWritten_isEqual(Cancellation cancellation) {
    Headers headers = new RecordHeaders();
    cancellation.writeTo(headers);
    cancellation.writeTo(headers);

    assertThat(Cancellation.read(headers)).isEqualTo(cancellation);
  }

  @Test
  void read_jobWithoutEpoch_isItsFirstRun() {
    assertThat(Cancellation.read(headers("job", "corpus")))
        .isEqualTo(new Cancellation.OfJob(new JobEpoch("corpus", 0)));
  }

  @ParameterizedTest
  @CsvSource({
    "other, x, names a request in header request-id",
    "request-id, x, 'x' is no UUID",
    "job, '', 1 to 100 characters"
  })
  void read_nonsense_saysWhatIsWrong(String name, String value, String message) {
    assertThatThrownBy(() -> Cancellation.read(headers(name, value)))
        .isInstanceOf(BadEnvelopeException.class)
        .hasMessageContaining(message);
  }

  @Test
  void read_requestAndJob_isRefused() {
    assertThatThrownBy(() -> Cancellation.read(headers("request-id", ID, "job", "corpus")))
        .isInstanceOf(BadEnvelopeException.class);
  }

  @Test
  void read_leaseThatIsNone_isRefused() {
    for (String lease : new String[] {"0", "-1", "soon"}) {
      assertThatThrownBy(() -> Cancellation.read(headers("request-id", ID, "lease-ms", lease)))
          .isInstanceOf(BadEnvelopeException.class)
          .hasMessageContaining("lease-ms");
    }
  }

  @Test
  void read_epochThatIsNone_isRefused() {
    for (String epoch : new String[] {"-1", "one"}) {
      assertThatThrownBy(() -> Cancellation.read(headers("job", "corpus", "job-epoch", epoch)))
          .isInstanceOf(BadEnvelopeException.class)
          .hasMessageContaining("job-epoch");
    }
  }

  @Test
  void covers_thatRunAndEarlierOnes() {
    JobEpoch cancelled = new JobEpoch("corpus", 5);

    assertThat(cancelled.covers(new JobEpoch("corpus", 5))).isTrue();
    assertThat(cancelled.covers(new JobEpoch("corpus", 4))).isTrue();
    assertThat(cancelled.covers(new JobEpoch("corpus", 6))).isFalse();
    assertThat(cancelled.covers(new JobEpoch("other", 5))).isFalse();
  }
}
