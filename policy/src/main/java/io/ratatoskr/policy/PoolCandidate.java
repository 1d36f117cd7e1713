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
 */
public record PoolCandidate(
    String pool,
    String model,
    int maxAttempts,
    long queueLimitMs,
    long budgetMs,
    String reason,
    @Nullable ChatOptions defaults,
    @Nullable String standsFor) {}
