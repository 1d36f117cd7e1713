package io.ratatoskr.policy;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.KnownSettings;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.TomlSource;
import io.ratatoskr.settings.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A policy that stands alone, in a file or on the topic of policies: the sections of the
 * configuration that say who may answer.
 *
 * @param text it, as TOML; it is published as it stands, comments included
 * @param config what it says
 * @param values the values that it gives
 */
public record PolicyFile(String text, PolicyConfig config, Values values) {
  private static final String ELSEWHERE =
      "belongs into the configuration of the processes: a policy says who may answer";

  private static final KnownSettings KNOWN = new KnownSettings(sections(), elsewhere());

  private static List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    sections.add(Pools.SECTION);
    sections.addAll(PolicyConfig.SECTIONS);
    return sections;
  }

  private static Map<String, String> elsewhere() {
    Map<String, String> elsewhere = new HashMap<>();
    List.of(
            "kafka",
            "router",
            "lanes",
            "limits",
            "worker",
            "models",
            "client",
            "cache",
            "providers")
        .forEach(section -> elsewhere.put(section, ELSEWHERE));
    return elsewhere;
  }

  /** All keys that a policy may have. */
  public static KnownSettings known() {
    return KNOWN;
  }

  /**
   * Reads a policy. Variables of the environment stand for nothing in it: it is the same wherever
   * it is read.
   *
   * @param name of the file or topic, for messages
   * @throws io.ratatoskr.settings.InvalidSettingsException with everything that is wrong, each with
   *     its line
   * @throws InvalidSettingException for what contradicts itself
   */
  public static PolicyFile parse(String name, String text) {
    Values values = TomlSource.parse(name, text, KNOWN, Map.of());
    return new PolicyFile(text, PolicyConfig.of(values), values);
  }

  /**
   * The pools that it writes, with those that come with the program; empty where it writes none.
   *
   * @param budget longest execution of one attempt where work is shared and a pool says nothing
   * @param claimedBudget the same where it is claimed
   */
  public Optional<Pools> pools(Duration budget, Duration claimedBudget) {
    return values.isWritten(Pools.SECTION)
        ? Optional.of(Pools.of(values, budget, claimedBudget))
        : Optional.empty();
  }

  /**
   * Refuses names of pools that there are not, remote ones where no data may go there, and
   * fallbacks whose vectors are of another space.
   *
   * @param others pools that are known beside those that it writes
   * @param catalog the workers that are known; {@link CatalogSnapshot#UNKNOWN} without a pipeline
   * @throws InvalidSettingException naming the key, and its place where that is known
   */
  public void check(Set<String> others, CatalogSnapshot catalog) {
    List<WorkerPool> written = Pools.of(values, Duration.ofSeconds(1), Duration.ofSeconds(1)).all();
    Set<String> pools = new TreeSet<>(others);
    written.stream().map(WorkerPool::name).forEach(pools::add);
    Set<String> forbidden =
        config.privacy().most() == DataPolicy.LOCAL_ONLY
            ? written.stream()
                .filter(pool -> pool.location() == Location.REMOTE)
                .map(WorkerPool::name)
                .collect(Collectors.toSet())
            : Set.of();
    var _ =
        values.locate(() -> {
          config.routing().check(pools, forbidden);
          new FallbackSpaces(catalog).check(config.routing());
          return this;
        });
    OwnQueues.check(values, pools);
  }
}
