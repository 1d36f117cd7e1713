package io.ratatoskr.catalog;

import java.util.Map;

/**
 * How the models of all pools did lately, at one moment. Immutable; every question is a look-up.
 *
 * @param standings of those that something was reported of
 */
public record HealthSnapshot(Map<ModelOfPool, Standing> standings) {
  /** The snapshot before anything is known: everybody may be asked. */
  public static final HealthSnapshot UNKNOWN = new HealthSnapshot(Map.of());

  /** Keeps a copy. */
  public HealthSnapshot {
    standings = Map.copyOf(standings);
  }

  /** How a model of a pool did; {@link Standing#UNKNOWN} where nobody reported. */
  public Standing of(String pool, String model) {
    return standings.getOrDefault(new ModelOfPool(pool, model), Standing.UNKNOWN);
  }
}
