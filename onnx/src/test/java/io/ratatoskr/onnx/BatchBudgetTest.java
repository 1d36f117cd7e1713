package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Lane;
import org.junit.jupiter.api.Test;

class BatchBudgetTest {
  private static final long MILLI = 1_000_000;

  private final BatchBudget budget = new BatchBudget(256);

  @Test
  void tokens_nothingMeasured_isAllAndHalfBesideInteractiveRequests() {
    assertThat(budget.tokens(Lane.BULK, 0)).isEqualTo(256);

    budget.interactive(0);

    assertThat(budget.tokens(Lane.BULK, MILLI)).isEqualTo(128);
  }

  @Test
  void tokens_interactive_isAlwaysAll() {
    budget.ran(256, 1_000 * MILLI);
    budget.interactive(0);

    assertThat(budget.tokens(Lane.INTERACTIVE, 0)).isEqualTo(256);
  }

  @Test
  void tokens_measured_areWhatFitsTheTime() {
    budget.ran(200, 100 * MILLI);
    budget.ran(100, 50 * MILLI);
    assertThat(budget.tokens(Lane.BULK, 0)).isEqualTo(200);

    budget.interactive(0);

    assertThat(budget.tokens(Lane.BULK, 0)).isEqualTo(100);
  }

  @Test
  void tokens_fastMachine_neverMoreThanTheMost() {
    budget.ran(256, 5 * MILLI);
    budget.interactive(0);

    assertThat(budget.tokens(Lane.BULK, 0)).isEqualTo(256);
  }

  @Test
  void tokens_verySlowMachine_atLeastOne() {
    budget.ran(1, 600_000 * MILLI);

    assertThat(budget.tokens(Lane.BULK, 0)).isEqualTo(1);
  }

  @Test
  void tokens_aSecondAfterTheLastInteractiveRequest_areThoseOfBulkAlone() {
    budget.ran(200, 100 * MILLI);
    budget.interactive(0);
    budget.interactive(500 * MILLI);

    assertThat(budget.tokens(Lane.BULK, 1_499 * MILLI)).isEqualTo(100);
    assertThat(budget.tokens(Lane.BULK, 1_500 * MILLI)).isEqualTo(200);
  }

  @Test
  void tokens_speedHasChanged_followsIt() {
    budget.ran(200, 1_000 * MILLI);
    for (int i = 0; i < 50; i++) {
      budget.ran(200, 100 * MILLI);
    }

    assertThat(budget.tokens(Lane.BULK, 0)).isBetween(190, 200);
  }
}
