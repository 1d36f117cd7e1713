package io.ratatoskr.router.flight;

import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * One thing to do, decided by {@link Decider}; decisions are carried out in the order in which they
 * come.
 */
public sealed interface Decision {

  /** Write the waiter. */
  record Wait(int generation, Waiter waiter) implements Decision {}

  /** Keep a settled flight beside its next generation. */
  record Retire(Flight flight) implements Decision {}

  /** Write the flight, and its alarm where that changed. */
  record Store(Flight flight) implements Decision {}

  /**
   * Write the flight, its alarm and the waiter that its record made, if any, as they are: the store
   * has them, and its changelog may not.
   */
  record WriteAgain(Flight flight, @Nullable RequestId waiter) implements Decision {}

  /** Delete the flight and what belongs to it. */
  record Forget(Flight flight) implements Decision {}

  /** Send the present attempt to its pool. */
  record Dispatch(Flight flight) implements Decision {}

  /** Answer everybody who waits. */
  record AnswerAll(Flight flight, WorkerAnswer answer) implements Decision {}

  /** Tell everybody who waits that it failed. */
  record FailAll(Flight flight, InferenceError error) implements Decision {}

  /** Keep the failed flight's request, with what was tried, for whoever operates the pipeline. */
  record LayAside(Flight flight, InferenceError error) implements Decision {}

  /** Answer this one request from the cache. */
  record AnswerOne(WorkerAnswer answer) implements Decision {}

  /** Tell this one request that it failed. */
  record FailOne(InferenceError error) implements Decision {}

  /** Tell this one waiter of a flight that it need not wait any more. */
  record Tell(Flight flight, Waiter waiter, InferenceError error) implements Decision {}

  /** Remember that a request was cancelled that is not there, in case that it comes. */
  record Remember(Domain domain, RequestId id) implements Decision {}

  /**
   * Have workers drop the work of a generation.
   *
   * @param attempt the last attempt that is meant; earlier ones are meant too
   */
  record Abort(int generation, int attempt) implements Decision {}

  /** Put the answer into the cache. */
  record Cache(Flight flight, WorkerAnswer answer) implements Decision {}

  /** Count it. */
  record Count(Counted what) implements Decision {}

  /** What is counted where no other decision shows it. */
  enum Counted {
    /** A request joined a flight that was open. */
    JOIN,
    /** A record was read a second time. */
    REPLAY,
    /** A request was cancelled. */
    CANCELLATION,
    /** No open flight waited for a result. */
    STALE_RESULT,
    /** Nobody reported on work, which is sent again. */
    VANISHED,
    /** A failed attempt is followed by another one. */
    RETRY,
    /** Work of a pool without workers alive is sent to another one. */
    HANDOVER,
    /** A worker was lost while it ran a flight. */
    CRASH
  }
}
