package io.ratatoskr.policy;

/** In which order equally suitable candidates are asked. */
public enum Strategy {
  /** The primary one first, then those of the configuration in their order. */
  PRIORITY,
  /** The cheapest first; one whose price is unknown comes after those that have one. */
  COST,
  /** That which answered fastest lately first; one that is unknown comes after the others. */
  LATENCY,
  /** Requests are spread over them evenly. */
  LOAD_BALANCED
}
