package io.ratatoskr.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HealthSnapshotTest {

  @Test
  void whoeverNothingWasReportedOfMayBeAsked() {
    Standing open = new Standing(Circuit.OPEN, 5, 30_000, 0, 0.9, 0, 0, 0, Probes.NONE);
    HealthSnapshot health = new HealthSnapshot(Map.of(new ModelOfPool("openai", "a|b"), open));
    assertThat(health.of("openai", "a|b").askableMs()).isEqualTo(30_000);
    assertThat(health.of("openai", "other")).isEqualTo(Standing.UNKNOWN);
    assertThat(health.of("other", "a|b").askableMs()).isZero();
  }

  @Test
  void keyNamesPoolAndModel() {
    ModelOfPool one = new ModelOfPool("openai", "a|b");
    assertThat(ModelOfPool.ofKey(one.key())).contains(one);
    assertThat(ModelOfPool.ofKey("embed|")).contains(new ModelOfPool("embed", ""));
    assertThat(ModelOfPool.ofKey("|model")).isEmpty();
    assertThat(ModelOfPool.ofKey("nothing")).isEmpty();
  }
}
