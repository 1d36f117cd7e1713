package io.ratatoskr.schemas;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The pools of a deployment. Where several serve a capability, the first is asked first.
 *
 * @param all at least one, each name once
 */
public record Pools(List<WorkerPool> all) {
  private static final Duration BUDGET = Duration.ofSeconds(60);
  private static final Duration CLAIMED_BUDGET = Duration.ofMinutes(10);

  public Pools {
    all = List.copyOf(all);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("pools: name at least one");
    }
    Set<String> names = new HashSet<>();
    for (WorkerPool pool : all) {
      if (!names.add(pool.name())) {
        throw new IllegalArgumentException("pools: '" + pool.name() + "' is named twice");
      }
    }
  }

  /** {@link #standard(Duration, Duration)} with 60 s, and 10 min where work is claimed. */
  public static Pools standard() {
    return standard(BUDGET, CLAIMED_BUDGET);
  }

  /**
   * One pool for each kind of engine that comes with the program: {@code embed}, {@code nli} and
   * {@code chat}.
   *
   * @param budget longest execution of one attempt where work is shared
   * @param claimedBudget the same where it is claimed
   */
  public static Pools standard(Duration budget, Duration claimedBudget) {
    return new Pools(
        List.of(
            new WorkerPool(
                "embed",
                Set.of(Capability.EMBED),
                WorkerPool.Taking.SHARED,
                budget,
                WorkerPool.Reach.LOCAL),
            new WorkerPool(
                "nli",
                Set.of(Capability.NLI, Capability.CLASSIFY, Capability.STANCE, Capability.TOKENIZE),
                WorkerPool.Taking.SHARED,
                budget,
                WorkerPool.Reach.LOCAL),
            new WorkerPool(
                "chat",
                Set.of(Capability.CHAT, Capability.GENERATE),
                WorkerPool.Taking.CLAIMED,
                claimedBudget,
                WorkerPool.Reach.LOCAL)));
  }

  /** Those that serve a capability, in their order. */
  public List<WorkerPool> serving(Capability capability) {
    return all.stream().filter(pool -> pool.capabilities().contains(capability)).toList();
  }
}
