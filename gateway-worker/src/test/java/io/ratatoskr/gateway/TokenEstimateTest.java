package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TokenEstimateTest {
  @Test
  void guess_isOfTheBody_andOfTheAnswersOfLate_butNoMoreThanAllowed() {
    TokenEstimate estimate = new TokenEstimate();
    String body = "x".repeat(400);

    assertThat(TokenEstimate.ofBody(body)).isEqualTo(101);
    assertThat(TokenEstimate.ofBody("東".repeat(4))).isEqualTo(4);
    assertThat(estimate.of(body, OptionalInt.empty())).isEqualTo(101 + 256);
    assertThat(estimate.of(body, OptionalInt.of(10))).isEqualTo(111);
    for (int i = 0; i < 50; i++) {
      estimate.answered(1_000);
    }
    assertThat(estimate.of(body, OptionalInt.empty())).isBetween(1_090L, 1_101L);
  }
}
