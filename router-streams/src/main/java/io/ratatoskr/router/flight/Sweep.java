package io.ratatoskr.router.flight;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides about each of a flight's waiters in one pass, and carries nothing out. A waiter that need
 * not wait any more is told so; it is kept until that reply is certain to have been sent, since a
 * crash may have lost it; and then it is forgotten.
 *
 * <pre>
 *   waits ──────────► told ─────────────────► forgotten
 *          deadline   │  ▲   {@link Steps#ECHO_MS}
 *                     └──┘
 *               a new incarnation
 * </pre>
 */
public final class Sweep {
  /** With many waiters a look takes time, so deadlines close to each other share one. */
  private static final int WAITERS_A_MS = 100;

  /** The decision about a waiter. */
  enum Fate {
    /** Nothing: it waits on. */
    WAIT,
    /** It is told that it need not wait any more, for the first time or once more. */
    TELL,
    /** It was told, and is kept for the case that it has to be told once more. */
    KEEP,
    /** It is deleted. */
    FORGET
  }

  private final Flight flight;
  private final long incarnation;
  private final long now;
  private final List<Waiter> tell = new ArrayList<>();
  private final List<Waiter> forget = new ArrayList<>();
  private int waiting;
  private int kept;
  private long nextDeadlineMs = Flight.NEVER;
  private long nextEchoMs = Flight.NEVER;

  /**
   * A look that begins.
   *
   * @param incarnation of the task that looks
   */
  public Sweep(Flight flight, long incarnation, long now) {
    this.flight = flight;
    this.incarnation = incarnation;
    this.now = now;
  }

  /**
   * The decision about a waiter.
   *
   * @param leaves whether it need not wait any more, should it still do so
   */
  static Fate fate(Waiter waiter, boolean leaves, long incarnation, long now) {
    if (!waiter.isTold()) {
      return leaves ? Fate.TELL : Fate.WAIT;
    }
    if (waiter.toldIn() != incarnation) {
      return Fate.TELL; // that incarnation may have ended before its word was sent
    }
    return now >= waiter.toldMs() + Steps.ECHO_MS ? Fate.FORGET : Fate.KEEP;
  }

  /**
   * Looks at one of the waiters. One that still waits for a flight which ended because nobody did
   * was told so by a process whose disk has lost that.
   */
  public void look(Waiter waiter) {
    boolean leaves = flight.isOpen() ? waiter.deadlineMs() <= now : flight.waiters() == 0;
    switch (fate(waiter, leaves, incarnation, now)) {
      case WAIT -> {
        waiting++;
        if (flight.isOpen()) {
          nextDeadlineMs = Math.min(nextDeadlineMs, waiter.deadlineMs());
        }
      }
      case TELL -> {
        tell.add(waiter.told(incarnation, now));
        nextEchoMs = Math.min(nextEchoMs, now + Steps.ECHO_MS);
      }
      case KEEP -> {
        kept++;
        nextEchoMs = Math.min(nextEchoMs, waiter.toldMs() + Steps.ECHO_MS);
      }
      case FORGET -> forget.add(waiter);
    }
  }

  /** The waiters to tell, as they are to be stored. */
  public List<Waiter> tell() {
    return List.copyOf(tell);
  }

  /** The waiters to delete. */
  public List<Waiter> forget() {
    return List.copyOf(forget);
  }

  /** The flight after the look, with its waiters counted and the time of the next look. */
  public Flight swept() {
    long soonest = now + waiting / WAITERS_A_MS;
    long deadline =
        nextDeadlineMs == Flight.NEVER ? Flight.NEVER : Math.max(nextDeadlineMs, soonest);
    return flight.withWaiters(
        waiting, kept + tell.size(), Math.min(deadline, nextEchoMs), flight.deadlineMs());
  }
}
