/**
 * The worker loop: takes work from a pool's topic, has an engine run it, publishes what became of
 * it; no HTTP, no ONNX.
 *
 * <p>Start at {@link io.ratatoskr.worker.Worker}. {@link io.ratatoskr.worker.Engine} is what a kind
 * of worker brings; {@code SharedQueue} and {@code ClaimedQueue} are the two ways of taking work,
 * the latter with what is polled and waits for a slot in {@code Unclaimed}. {@code LaneLoops}
 * starts one loop or two for each queue of a lane, and {@code Turns} shares the lane's places
 * between them by {@code DeficitRoundRobin}. {@code Execution} runs it and sends pieces of answers
 * by {@code Chunks}; {@code Aborts} knows what nobody wants any more.
 */
@NullMarked
package io.ratatoskr.worker;

import org.jspecify.annotations.NullMarked;
