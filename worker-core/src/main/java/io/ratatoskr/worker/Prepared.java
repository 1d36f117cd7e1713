package io.ratatoskr.worker;

/**
 * A request after {@link Engine#prepare}.
 *
 * @param <T> the engine's task
 */
public sealed interface Prepared<T> {

  /**
   * The request can be run.
   *
   * @param task for {@link Engine#run}
   * @param items what it weighs when a worker measures its speed, 1 or more
   */
  record Ready<T>(T task, int items) implements Prepared<T> {
    public Ready {
      if (items < 1) {
        throw new IllegalArgumentException("items: must be at least 1, is " + items);
      }
    }
  }

  /** The request needs no inference. */
  record Settled<T>(Outcome outcome) implements Prepared<T> {}
}
