package io.ratatoskr.policy;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.catalog.HealthSnapshot;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * What is known of workers, models and topics at one moment.
 *
 * @param catalog the workers that live, and their models
 * @param health how the models of pools did lately
 * @param topics the names of the topics that there are
 * @param nowMs epoch milliseconds
 * @param mayProbe whether a request may go to a pool's model whose circuit is half open
 */
public record World(
    CatalogSnapshot catalog,
    HealthSnapshot health,
    Set<String> topics,
    long nowMs,
    BiPredicate<String, String> mayProbe) {

  /** A world in which everybody is well. */
  public World(CatalogSnapshot catalog, Set<String> topics) {
    this(catalog, HealthSnapshot.UNKNOWN, topics, 0, (pool, model) -> true);
  }
}
