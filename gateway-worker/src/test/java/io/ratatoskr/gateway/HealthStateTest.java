package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.gateway.HealthState.Change;
import io.ratatoskr.gateway.HealthState.Health;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthStateTest {

  /** Follows probes, + and -, and tells what changed. */
  private static List<Change> changes(String probes) {
    List<Change> changes = new ArrayList<>();
    HealthState state = HealthState.unknown();
    for (int i = 0; i < probes.length(); i++) {
      HealthState next = state.after(probes.charAt(i) == '+');
      next.since(state).ifPresent(changes::add);
      state = next;
    }
    return changes;
  }

  @Test
  void probes_threeFailuresInARow_areUnhealthy_andTwoSuccessesRecover() {
    assertThat(changes("+++")).containsExactly(Change.HEALTHY);
    assertThat(changes("+-+")).containsExactly(Change.HEALTHY, Change.DEGRADED, Change.RECOVERED);
    assertThat(changes("--+--"))
        .containsExactly(Change.DEGRADED, Change.RECOVERED, Change.DEGRADED);
    assertThat(changes("+---+-++"))
        .containsExactly(Change.HEALTHY, Change.DEGRADED, Change.UNHEALTHY, Change.RECOVERED);
    assertThat(changes("---")).containsExactly(Change.DEGRADED, Change.UNHEALTHY);
  }

  @Test
  void unknown_isNeitherHealthyNorNot() {
    assertThat(HealthState.unknown().health()).isEqualTo(Health.UNKNOWN);
    assertThat(HealthState.unknown().since(HealthState.unknown())).isEmpty();
  }
}
