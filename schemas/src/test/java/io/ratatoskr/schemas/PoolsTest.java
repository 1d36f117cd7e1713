package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolsTest {

  private static WorkerPool pool(String name, Set<Capability> capabilities, Duration budget) {
    return new WorkerPool(
        name, capabilities, WorkerPool.Taking.SHARED, budget, WorkerPool.Reach.LOCAL);
  }

  private static WorkerPool pool(String name, Capability... capabilities) {
    return pool(name, Set.of(capabilities), Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @EnumSource
  void standard_servesEveryCapability(Capability capability) {
    assertThat(Pools.standard().serving(capability)).hasSize(1);
  }

  @Test
  void standard_claimsAndWaitsLongerWhereARunIsPaidFor() {
    assertThat(Pools.standard().serving(Capability.CHAT))
        .singleElement()
        .satisfies(chat -> {
          assertThat(chat.taking()).isEqualTo(WorkerPool.Taking.CLAIMED);
          assertThat(chat.budget()).isEqualTo(Duration.ofMinutes(10));
        });
    assertThat(Pools.standard().serving(Capability.EMBED))
        .extracting(WorkerPool::taking)
        .containsExactly(WorkerPool.Taking.SHARED);
  }

  @Test
  void serving_keepsTheirOrder() {
    Pools pools =
        new Pools(
            List.of(
                pool("b", Capability.CHAT),
                pool("other", Capability.EMBED),
                pool("a", Capability.CHAT, Capability.EMBED)));

    assertThat(pools.serving(Capability.CHAT))
        .extracting(WorkerPool::name)
        .containsExactly("b", "a");
    assertThat(pools.serving(Capability.NLI)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a.b", "a b", "é"})
  void name_thatIsNoPartOfATopic_isRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool(name, Capability.CHAT))
        .withMessageContaining("pools: '" + name + "'");
  }

  @Test
  void nonsense_isRefusedNamingThePool() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool("idle", Set.of(), Duration.ofSeconds(1)))
        .withMessageContaining("'idle' serves nothing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool("hasty", Set.of(Capability.CHAT), Duration.ZERO))
        .withMessageContaining("budget of 'hasty'");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Pools(List.of(pool("twice", Capability.CHAT), pool("twice", Capability.NLI))))
        .withMessageContaining("'twice' is named twice");
    assertThatIllegalArgumentException().isThrownBy(() -> new Pools(List.of()));
  }
}
