package io.ratatoskr.worker;

/**
 * A job after its preparation.
 *
 * @param <T> the engine's task
 */
sealed interface Taken<T> {

  /** Its outcome is known without inference. */
  record Settled<T>(Job job, Outcome outcome) implements Taken<T> {}

  /** To be run. */
  record Ready<T>(Job job, T task, int items) implements Taken<T> {}
}
