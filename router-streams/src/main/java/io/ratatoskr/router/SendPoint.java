package io.ratatoskr.router;

/**
 * The moment between a decision's writes to the store and a record that it sends, on the thread of
 * the task. A process that dies there has the state and not its output.
 */
@FunctionalInterface
interface SendPoint {
  /** Goes on. */
  SendPoint PASS = emission -> {};

  /** Called before each record that leaves. */
  void reached(Emission emission);
}
