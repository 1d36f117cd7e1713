package io.ratatoskr.catalog;

import java.util.Map;

/**
 * The permits for probes of a half-open circuit.
 *
 * @param round counts the hand-outs of permits of one circuit, from 1; each permit is for one
 *     request in its round
 * @param untilMs when permits that were not used are void, in epoch milliseconds
 * @param permits how many each router has, by the router's id
 */
public record Probes(long round, long untilMs, Map<String, Integer> permits) {
  /** Nobody may probe. */
  public static final Probes NONE = new Probes(0, 0, Map.of());

  /** Keeps a copy. */
  public Probes {
    permits = Map.copyOf(permits);
  }

  /** How many requests that router may send as probes in this round. */
  public int of(String router) {
    return permits.getOrDefault(router, 0);
  }
}
