package io.ratatoskr.worker;

/**
 * A delivery after its preparation.
 *
 * @param <T> the engine's task
 */
sealed interface Taken<T> {

  /** Its outcome is known without inference. */
  record Settled<T>(Delivery delivery, Outcome outcome) implements Taken<T> {}

  /**
   * The delivery is to be run.
   *
   * @param delivery the delivery
   * @param task the engine's task
   * @param items what the task weighs when the worker measures its speed, 1 or more
   */
  record Ready<T>(Delivery delivery, T task, int items) implements Taken<T> {}
}
