package io.ratatoskr.catalog;

/** The states of a circuit between the routers and a model of a pool, the best first. */
public enum Circuit {
  /** Requests go there. */
  CLOSED(0),
  /** Requests go there, but more of them fail than should: others of the same rank come first. */
  DEGRADED(1),
  /** A few requests go there to find out whether it is well again. */
  HALF_OPEN(2),
  /** Requests go elsewhere, where there is an elsewhere, until it may have recovered. */
  OPEN(3);

  private final int level;

  Circuit(int level) {
    this.level = level;
  }

  /** A number for it in metrics: 0 is well, 3 is not asked. */
  public int level() {
    return level;
  }
}
