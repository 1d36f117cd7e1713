package io.ratatoskr.policy;

import io.ratatoskr.schemas.chat.ChatOptions;
import org.jspecify.annotations.Nullable;

/**
 * A pool of workers and a model of it that may answer a flight.
 *
 * @param pool name of the pool
 * @param model id of the model that it shall infer with
 * @param maxAttempts attempts at it before the next candidate
 * @param queueLimitMs longest wait in its queue, in milliseconds
 * @param budgetMs longest execution, in milliseconds
 * @param reason why it is a candidate, for people; never holds a secret
 * @param defaults options that count where the request leaves them out; null where no preset is
 *     asked for
 * @param standsFor the model that the request names, where this is a fallback for it; else null
 * @param queue the queue of the pool that its work goes to; empty for the pool's own
 */
public record PoolCandidate(
    String pool,
    String model,
    int maxAttempts,
    long queueLimitMs,
    long budgetMs,
    String reason,
    @Nullable ChatOptions defaults,
    @Nullable String standsFor,
    String queue) {

  /** A candidate whose work goes to its pool's own queue. */
  public PoolCandidate(
      String pool,
      String model,
      int maxAttempts,
      long queueLimitMs,
      long budgetMs,
      String reason,
      @Nullable ChatOptions defaults,
      @Nullable String standsFor) {
    this(pool, model, maxAttempts, queueLimitMs, budgetMs, reason, defaults, standsFor, "");
  }

  /** The same candidate, whose work goes to that queue of its pool. */
  PoolCandidate in(String other) {
    return new PoolCandidate(
        pool, model, maxAttempts, queueLimitMs, budgetMs, reason, defaults, standsFor, other);
  }

  /** Where its work waits: the pool, or the pool and its queue. */
  public String place() {
    return queue.isEmpty() ? pool : pool + "." + queue;
  }
}
