package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {
  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";

  @Test
  void child_isAnotherSpanOfTheSameTrace() {
    Trace trace = Trace.of("00-" + ID + "-00f067aa0ba902b7-01").orElseThrow();

    assertThat(trace).isEqualTo(new Trace(ID, "01"));
    assertThat(trace.child(new Random(1)))
        .isEqualTo("00-%s-%016x-01".formatted(ID, new Random(1).nextLong()));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "4bf92f35",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nx: y"
      })
  void traceparent_thatIsNone_isNoTrace(String traceparent) {
    assertThat(Trace.of(traceparent)).isEmpty();
  }
}
