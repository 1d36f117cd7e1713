package io.ratatoskr.policy.name;

import io.ratatoskr.catalog.CatalogSnapshot;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The pools that there are and the models that they serve, as the meaning of names needs them. Made
 * when the catalog or the policy changes; every question is a look-up.
 *
 * <p>Immutable.
 */
public final class ModelServers {
  private final Map<String, ProviderFamily> families;
  private final Map<ProviderFamily, List<String>> poolsByFamily;
  private final Set<String> served;

  /** The ids of local models by their lower case. */
  private final Map<String, String> local;

  /**
   * The servers of these pools.
   *
   * @param families the family of each pool, in the order in which pools are asked
   * @param models the ids that each pool's workers name
   */
  public ModelServers(
      Map<String, ProviderFamily> families, Map<String, ? extends Collection<String>> models) {
    this.families = Map.copyOf(families);
    Map<ProviderFamily, List<String>> byFamily = new HashMap<>();
    families.forEach((pool, family) -> {
      List<String> before = byFamily.getOrDefault(family, List.of());
      byFamily.put(family, append(before, pool));
    });
    poolsByFamily = Map.copyOf(byFamily);
    Set<String> all = new HashSet<>();
    Map<String, String> own = new LinkedHashMap<>();
    families.forEach((pool, family) -> {
      Collection<String> ids = models.containsKey(pool) ? models.get(pool) : List.of();
      all.addAll(ids);
      if (family == ProviderFamily.LOCAL) {
        ids.stream().sorted().forEach(id -> own.putIfAbsent(id.toLowerCase(Locale.ROOT), id));
      }
    });
    served = Set.copyOf(all);
    local = Map.copyOf(own);
  }

  private static List<String> append(List<String> list, String last) {
    return Stream.concat(list.stream(), Stream.of(last)).toList();
  }

  /** The servers of pools whose workers the catalog knows. */
  public static ModelServers of(Map<String, ProviderFamily> families, CatalogSnapshot catalog) {
    Map<String, Set<String>> models = new HashMap<>();
    families.keySet().forEach(pool -> models.put(pool, catalog.pool(pool).models()));
    return new ModelServers(families, models);
  }

  /** Whether a worker of some pool names that id. */
  boolean serves(String id) {
    return served.contains(id);
  }

  /** The id of a local model that is spelt so but for its case. */
  Optional<String> local(String name) {
    return Optional.ofNullable(local.get(name.toLowerCase(Locale.ROOT)));
  }

  /** Whether there is a pool of that name. */
  boolean hasPool(String name) {
    return families.containsKey(name);
  }

  /** The pools of a family, in the order in which they are asked. */
  List<String> pools(ProviderFamily family) {
    return poolsByFamily.getOrDefault(family, List.of());
  }
}
