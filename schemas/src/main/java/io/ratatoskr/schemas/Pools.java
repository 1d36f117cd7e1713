package io.ratatoskr.schemas;

import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.RawValue;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Spelling;
import io.ratatoskr.settings.Values;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pools of a deployment. Where several serve a capability, the first that can answer is asked.
 *
 * @param all at least one, each name once
 */
public record Pools(List<WorkerPool> all) {
  private static final Duration BUDGET = Duration.ofSeconds(60);
  private static final Duration CLAIMED_BUDGET = Duration.ofMinutes(10);

  /** The section of a configuration file: an entry for each pool. */
  public static final Section SECTION =
      new Section(
          "pools",
          "Pools of workers; each has work topics of its own. `embed`, `nli` and `chat` are there"
              + " unless pools of these names are written, and stand first; those that are written"
              + " follow in their order. Of several that serve a capability, the first that can"
              + " answer is asked. For `serve`, `up` and `topics`, alike in all of them; `topics"
              + " create` makes a new pool's topics. See [pools](pools.md).",
          List.of(
              WorkerPool.NAME,
              WorkerPool.CAPABILITIES,
              WorkerPool.QUEUE,
              WorkerPool.BUDGET,
              WorkerPool.LOCATION),
          new Section.Repetition(
              List.of(
                  entry("embed", WorkerPool.Taking.SHARED, Capability.EMBED),
                  entry(
                      "nli",
                      WorkerPool.Taking.SHARED,
                      Capability.NLI,
                      Capability.CLASSIFY,
                      Capability.STANCE,
                      Capability.TOKENIZE),
                  entry("chat", WorkerPool.Taking.CLAIMED, Capability.CHAT, Capability.GENERATE)),
              entry("embed-gpu", WorkerPool.Taking.SHARED, Capability.EMBED)));

  private static Map<String, RawValue> entry(
      String name, WorkerPool.Taking taking, Capability... capabilities) {
    return Map.of(
        WorkerPool.NAME.key(),
        new RawValue.Text(name),
        WorkerPool.CAPABILITIES.key(),
        new RawValue.Many(Arrays.stream(capabilities).map(Capability::topicName).toList()),
        WorkerPool.QUEUE.key(),
        new RawValue.Text(taking == WorkerPool.Taking.SHARED ? "shared" : "claimed"));
  }

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

  /**
   * One pool for each kind of engine that comes with the program, {@code embed}, {@code nli} and
   * {@code chat}; an execution takes at most 60 s, and 10 min where work is claimed.
   */
  public static Pools standard() {
    return of(Values.none(), BUDGET, CLAIMED_BUDGET);
  }

  /**
   * The pools of a file.
   *
   * @param budget longest execution of one attempt where work is shared and a pool says nothing
   * @param claimedBudget the same where it is claimed
   * @throws InvalidSettingException naming the key, its place and what it takes
   */
  public static Pools of(Values values, Duration budget, Duration claimedBudget) {
    return new Pools(
        values.entries(SECTION).stream()
            .map(entry -> WorkerPool.of(entry, budget, claimedBudget))
            .toList());
  }

  /** Those that serve a capability, in their order. */
  public List<WorkerPool> serving(Capability capability) {
    return all.stream().filter(pool -> pool.capabilities().contains(capability)).toList();
  }

  /**
   * The pool of that name.
   *
   * @param key whose value names it
   * @throws InvalidSettingException if there is none
   */
  public WorkerPool named(String key, String name) {
    Optional<WorkerPool> named = all.stream().filter(pool -> pool.name().equals(name)).findFirst();
    return named.orElseThrow(() ->
        new InvalidSettingException(
            key,
            "there is no pool '%s' in [[pools]]%s"
                .formatted(
                    name,
                    Spelling.nearest(name, all.stream().map(WorkerPool::name))
                        .map(nearest -> "; did you mean '" + nearest + "'?")
                        .orElse("; there are " + names()))));
  }

  private String names() {
    return all.stream().map(WorkerPool::name).collect(Collectors.joining(", "));
  }
}
