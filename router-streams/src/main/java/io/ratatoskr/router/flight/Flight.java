package io.ratatoskr.router.flight;

import io.ratatoskr.policy.PoolCandidate;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.JobEpoch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All requests with one fingerprint that one inference answers.
 *
 * <pre>
 *              dispatch                 Started
 *   ── open ──────────────► Queued ─────────────────► Running
 *                            ▲ ▲ │ Loading             │
 *            pause is over   │ │ ▼                     │ worker gone, over budget,
 *          Backoff ──────────┘ └─ Parked               │ or Retryable: attempts left
 *             ▲                  (model ready)         │
 *             └────────────────────────────────────────┘
 *   from any of them: Answered, Rejected, nothing left to try, or nobody waits ──► Settled
 * </pre>
 *
 * @param generation counts the inferences of this fingerprint, from 1
 * @param facts what does not change
 * @param deadlineMs latest deadline of its waiters
 * @param waiters requests that wait
 * @param told requests that were told that they expired or are cancelled, not yet forgotten
 * @param nextWaiterMs when the waiters have to be looked through; {@link #NEVER} if not
 * @param applied highest offset applied, by topic
 * @param cause the event that made the present state
 * @param alarmMs when its one alarm is due
 */
public record Flight(
    int generation,
    State state,
    Facts facts,
    long deadlineMs,
    int waiters,
    int told,
    long nextWaiterMs,
    Map<String, Long> applied,
    Cause cause,
    long alarmMs) {

  static final long NEVER = Long.MAX_VALUE;

  /**
   * The facts that admission fixed, the same in every state.
   *
   * @param capability what is asked for
   * @param domain topic prefix of the requests and of their replies
   * @param tenant label of the request that opened the flight, at most 100 characters; may be empty
   * @param source where the payload stands
   * @param chain candidates in the order in which they are tried, at least one
   * @param cacheable whether the answer goes into the cache
   * @param stream the one request that waits, where it wants the answer piece by piece; else null
   * @param job the run of a job that its one request belongs to; null where it has none, and where
   *     others may join the flight
   */
  public record Facts(
      Capability capability,
      Domain domain,
      String tenant,
      Source source,
      List<PoolCandidate> chain,
      boolean cacheable,
      @Nullable ReplyTo stream,
      @Nullable JobEpoch job) {}

  /** The state of a flight. */
  public sealed interface State {
    /** Index of the present or last candidate. */
    int link();

    /** Attempts so far; names the present one. */
    int attempt();
  }

  /**
   * The flight waits for the outcome of its present attempt.
   *
   * @param link index of the candidate in the chain, from 0
   * @param attempt attempts so far of all candidates; 0 while the first one is held back
   * @param linkAttempts attempts so far of this candidate; 0 in the same way
   * @param crashes workers that were lost while they ran it
   * @param dispatchedMs when the present attempt was sent to its pool, in epoch milliseconds
   * @param phase what it waits for
   * @param failures the attempts that came to nothing, the latest 16 at most
   */
  public record Open(
      int link,
      int attempt,
      int linkAttempts,
      int crashes,
      long dispatchedMs,
      Phase phase,
      List<FailedAttempt> failures)
      implements State {
    public Open {
      failures = List.copyOf(failures);
    }

    /** The first attempt, at the first candidate. */
    static Open first(Queued queued, long now) {
      return new Open(0, 1, 1, 0, now, queued, List.of());
    }

    /** No attempt yet: the first candidate is left alone until then. */
    static Open held(Backoff pause, long now) {
      return new Open(0, 0, 0, 0, now, pause, List.of());
    }

    /** The same attempt in another phase. */
    Open in(Phase next) {
      return new Open(link, attempt, linkAttempts, crashes, dispatchedMs, next, failures);
    }

    /** The same attempt with the candidate that an answer came from as the present one. */
    Open at(int candidate) {
      return new Open(candidate, attempt, linkAttempts, crashes, dispatchedMs, phase, failures);
    }

    /** The same attempt, which has come to nothing. */
    Open ended(PoolCandidate by, @Nullable String worker, InferenceError error, long now) {
      FailedAttempt failure =
          new FailedAttempt(attempt, by.pool(), by.model(), worker, dispatchedMs, now, error);
      int drop = Math.max(0, failures.size() + 1 - FailedAttempt.MOST);
      List<FailedAttempt> more =
          Stream.concat(failures.stream().skip(drop), Stream.of(failure)).toList();
      return new Open(link, attempt, linkAttempts, crashes, dispatchedMs, phase, more);
    }

    /** The pause after an attempt that shall not count. */
    Open uncounted(Backoff pause) {
      return new Open(link, attempt, linkAttempts - 1, crashes, dispatchedMs, pause, failures);
    }

    /**
     * The next attempt.
     *
     * @param candidate index of whom it is sent to
     * @param attemptsThere attempts at that candidate, this one included
     * @param lost workers lost so far
     */
    Open next(int candidate, int attemptsThere, int lost, Queued queued, long now) {
      return new Open(candidate, attempt + 1, attemptsThere, lost, now, queued, failures);
    }

    /** Answered by the present candidate, or failed with an error. */
    Settled settled(@Nullable InferenceError error, long now) {
      return new Settled(now, link, attempt, error, error == null ? List.of() : failures);
    }
  }

  /**
   * The flight has been answered. An answer is found again by replaying its result; an error is
   * kept here.
   *
   * @param atMs when it was answered, in epoch milliseconds; its grace period begins then
   * @param link index of the candidate that answered or failed last, from 0
   * @param attempt attempts of all candidates, from 1
   * @param error the error that its waiters were told; null after an answer
   * @param failures the attempts that came to nothing, the latest 16 at most; none after an answer
   */
  public record Settled(
      long atMs,
      int link,
      int attempt,
      @Nullable InferenceError error,
      List<FailedAttempt> failures)
      implements State {
    public Settled {
      failures = List.copyOf(failures);
    }

    /** The same end with its grace period beginning anew. */
    Settled since(long now) {
      return new Settled(now, link, attempt, error, failures);
    }
  }

  /** The phase of an attempt: what the open flight waits for, and until when. */
  public sealed interface Phase {
    /** When the flight is looked at if nothing has happened, in epoch milliseconds. */
    long untilMs();
  }

  /**
   * The attempt is in a work queue, or with a worker that has not said that it started.
   *
   * @param untilMs when the alarm looks after it, in epoch milliseconds
   */
  public record Queued(long untilMs) implements Phase {}

  /**
   * A worker runs the attempt.
   *
   * @param untilMs when the alarm looks after the worker, in epoch milliseconds
   * @param worker id of the worker
   * @param execution id of its run, unique also among deliveries of one attempt
   * @param startedMs when it said that it started, in epoch milliseconds
   */
  public record Running(long untilMs, String worker, String execution, long startedMs)
      implements Phase {}

  /**
   * The flight pauses before its next attempt.
   *
   * @param untilMs when that attempt is sent, in epoch milliseconds
   */
  public record Backoff(long untilMs) implements Phase {}

  /**
   * The candidate's model is not ready.
   *
   * @param untilMs when the flight is looked at again, in epoch milliseconds
   */
  public record Parked(long untilMs) implements Phase {}

  /** The event that made a state. */
  public sealed interface Cause {}

  /**
   * A request or a result.
   *
   * @param topic topic of the record
   * @param offset its offset, in the partition of the flight's task
   */
  public record RecordCause(String topic, long offset) implements Cause {}

  /**
   * The alarm.
   *
   * @param dueMs when it was due, in epoch milliseconds
   * @param incarnation the task's incarnation in which it acted
   * @param echoMs until when its outputs may have to be sent again, in epoch milliseconds; 0 if not
   */
  public record AlarmCause(long dueMs, long incarnation, long echoMs) implements Cause {}

  /** Whether it waits for an answer. */
  public boolean isOpen() {
    return state instanceof Open;
  }

  /** Whether its chain has a candidate of that index. */
  public boolean hasLink(int link) {
    return link >= 0 && link < facts.chain().size();
  }

  /** The candidate that is asked, or that settled it. */
  public PoolCandidate candidate() {
    return facts.chain().get(state.link());
  }

  /** What should have answered, where another candidate did: its model if that is another too. */
  public @Nullable String fallbackFrom() {
    if (candidate().standsFor() != null) {
      return candidate().standsFor();
    }
    PoolCandidate wanted = facts.chain().getFirst();
    if (state.link() == 0) {
      return null;
    }
    return wanted.model().equals(candidate().model()) ? wanted.pool() : wanted.model();
  }

  /** Whether an event at that position has been applied before. */
  public boolean hasApplied(String topic, long offset) {
    return applied.getOrDefault(topic, -1L) >= offset;
  }

  boolean isCausedBy(String topic, long offset) {
    return cause.equals(new RecordCause(topic, offset));
  }

  Flight afterRecord(String topic, long offset) {
    Map<String, Long> further = new HashMap<>(applied);
    further.merge(topic, offset, Math::max);
    return new Flight(
        generation,
        state,
        facts,
        deadlineMs,
        waiters,
        told,
        nextWaiterMs,
        Map.copyOf(further),
        cause,
        alarmMs);
  }

  Flight inState(State next, Cause by) {
    return new Flight(
        generation, next, facts, deadlineMs, waiters, told, nextWaiterMs, applied, by, alarmMs);
  }

  Flight withCause(Cause by) {
    return inState(state, by);
  }

  Flight withWaiters(int waiting, int told, long nextLook, long latestDeadline) {
    return new Flight(
        generation, state, facts, latestDeadline, waiting, told, nextLook, applied, cause, alarmMs);
  }

  Flight withAlarm(long due) {
    return new Flight(
        generation, state, facts, deadlineMs, waiters, told, nextWaiterMs, applied, cause, due);
  }
}
