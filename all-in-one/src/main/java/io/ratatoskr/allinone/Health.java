package io.ratatoskr.allinone;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.catalog.HealthSnapshot;
import io.ratatoskr.schemas.Pools;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The state of a process and of each of its parts.
 *
 * @param ready whether all of its parts work
 * @param parts each part and its state
 * @param facts what a person wants to know besides, such as addresses
 */
public record Health(boolean ready, Map<String, String> parts, Map<String, String> facts) {
  /** The state of a process before its parts exist. */
  public static final Health STARTING = new Health(false, Map.of("process", "starting"), Map.of());

  /**
   * A fact for each pool: those of the configuration in their order, then others that a worker
   * names, which are never asked.
   */
  public static Map<String, String> pools(Pools configured, CatalogSnapshot catalog) {
    Map<String, String> facts = new LinkedHashMap<>();
    configured
        .all()
        .forEach(pool -> facts.put(fact(pool.name()), catalog.pool(pool.name()).summary()));
    new TreeMap<>(catalog.pools())
        .forEach(
            (name, pool) -> facts.putIfAbsent(fact(name), "not in [[pools]]; " + pool.summary()));
    return facts;
  }

  /**
   * A fact for each circuit that there is something to tell of.
   *
   * @param now in epoch milliseconds
   */
  public static Map<String, String> circuits(HealthSnapshot health, long now) {
    Map<String, String> facts = new TreeMap<>();
    health
        .standings()
        .forEach((of, standing) ->
            facts.put(
                "circuit " + of.pool() + (of.model().isEmpty() ? "" : " " + of.model()),
                standing.summary(now)));
    return facts;
  }

  private static String fact(String pool) {
    return "pool " + pool;
  }
}
