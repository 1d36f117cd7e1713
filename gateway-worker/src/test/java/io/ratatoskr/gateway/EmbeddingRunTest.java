package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class EmbeddingRunTest {
  @Test
  void shares_areByLength_andMakeTheSum() {
    assertThat(EmbeddingRun.shares(OptionalLong.of(8), List.of("one", "two")))
        .containsExactly(4, 4);
    assertThat(EmbeddingRun.shares(OptionalLong.of(7), List.of("a", "bb", "é", "cccc")))
        .containsExactly(0, 2, 1, 4);
    assertThat(EmbeddingRun.shares(OptionalLong.empty(), List.of("a", "b"))).containsExactly(0, 0);
  }
}
