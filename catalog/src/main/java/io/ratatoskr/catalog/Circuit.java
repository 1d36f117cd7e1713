package io.ratatoskr.catalog;

/** The states of a circuit between the routers and a model of a pool, the best first. */
public enum Circuit {
  /** Requests go there. */
  CLOSED,
  /** Requests go there, but more of them fail than should: others of the same rank come first. */
  DEGRADED,
  /** A few requests go there to find out whether it is well again. */
  HALF_OPEN,
  /** Requests go elsewhere, where there is an elsewhere, until it may have recovered. */
  OPEN
}
