package io.ratatoskr.router;

/**
 * A pool of workers that may answer a flight.
 *
 * @param pool its name
 * @param maxAttempts attempts at it before the next candidate
 * @param queueLimitMs longest wait in its queue
 * @param budgetMs longest execution
 */
record Candidate(String pool, int maxAttempts, long queueLimitMs, long budgetMs) {}
