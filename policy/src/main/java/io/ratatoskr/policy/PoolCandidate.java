package io.ratatoskr.policy;

/**
 * A pool of workers and a model of it that may answer a flight.
 *
 * @param pool name of the pool
 * @param model id of the model that it shall infer with
 * @param maxAttempts attempts at it before the next candidate
 * @param queueLimitMs longest wait in its queue, in milliseconds
 * @param budgetMs longest execution, in milliseconds
 * @param reason why it is a candidate, for people; never holds a secret
 */
public record PoolCandidate(
    String pool, String model, int maxAttempts, long queueLimitMs, long budgetMs, String reason) {}
