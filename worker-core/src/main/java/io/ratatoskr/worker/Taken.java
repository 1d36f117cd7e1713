package io.ratatoskr.worker;

/**
 * A delivery after its preparation.
 *
 * @param <T> the engine's task
 */
sealed interface Taken<T> {

  /** Its outcome is known without inference. */
  record Settled<T>(Delivery delivery, Outcome outcome) implements Taken<T> {}

  /** The delivery is to be run. */
  record Ready<T>(Delivery delivery, T task, int items) implements Taken<T> {}
}
