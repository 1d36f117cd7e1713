package io.ratatoskr.worker;

import java.util.concurrent.Semaphore;

/**
 * Decides what may run beside what in one worker. A record that may have ended its process before
 * runs with nothing beside it, on any thread and lane: else its neighbours would end with it, and
 * be suspects themselves. Fair, so that neither sort keeps the other out. Thread-safe.
 */
final class Isolation {
  private static final int ALL = 1 << 30;

  private final boolean suspectsAlone;
  private final Semaphore room = new Semaphore(ALL, true);

  /**
   * @param suspectsAlone false for calls of other machines: no content of theirs ends this process,
   *     and one after another they would take minutes each
   */
  Isolation(boolean suspectsAlone) {
    this.suspectsAlone = suspectsAlone;
  }

  /** Whether that must run alone. */
  boolean alone(Delivery delivery) {
    return suspectsAlone && delivery.suspect();
  }

  /** Waits until nothing runs alone; {@link #leave} must follow for each. */
  void enter(int runs) throws InterruptedException {
    room.acquire(runs);
  }

  void leave(int runs) {
    room.release(runs);
  }

  /** Waits until nothing runs; {@link #leaveAlone} must follow. */
  void enterAlone() throws InterruptedException {
    room.acquire(ALL);
  }

  void leaveAlone() {
    room.release(ALL);
  }
}
