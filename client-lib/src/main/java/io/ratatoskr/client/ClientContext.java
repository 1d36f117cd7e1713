package io.ratatoskr.client;

import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * The parts that the lanes of one client share.
 *
 * @param random used by many threads
 * @param callbacks completes the callers' futures
 * @param replies reads what arrives
 */
record ClientContext(
    ClientConfig config,
    Clock clock,
    RandomGenerator random,
    Executor callbacks,
    PendingReplies pending,
    ConfirmedOffsets confirmed,
    ReplyReading replies,
    ClientMetrics metrics) {}
