package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {

  @ParameterizedTest
  @CsvSource({"1, 32", "2, 32", "3, 21", "10, 6", "33, 1", "64, 1", "65, 1", "1024, 1"})
  void labelledItems_areSoManyAsMake64Pairs_butNoMoreThanOfPairsAndOneAtLeast(
      int labels, int items) {
    assertThat(Limits.labelledItems(labels)).isEqualTo(items);
  }

  @ParameterizedTest
  @CsvSource({"EMBED, 256", "TOKENIZE, 256", "NLI, 32", "CLASSIFY, 32", "STANCE, 32", "CHAT, 1"})
  void recordItems_areAsTheProtocolPageSays(Capability capability, int items) {
    assertThat(Limits.recordItems(capability)).isEqualTo(items);
  }
}
