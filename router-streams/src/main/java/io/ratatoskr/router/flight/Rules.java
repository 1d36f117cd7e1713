package io.ratatoskr.router.flight;

/**
 * The numbers that decisions depend on.
 *
 * @param backoffMs longest pause before the second attempt, in milliseconds; doubles with each
 *     further one
 * @param longestBackoffMs longest such pause, in milliseconds; where an error asks for a longer one
 *     and there is another candidate, that is asked at once
 * @param slackMs added to limits before work counts as vanished, in milliseconds
 * @param graceMs how long a settled flight is kept, in milliseconds of the router's running time
 * @param mostWaiters most requests that may wait for one flight
 */
public record Rules(
    long backoffMs, long longestBackoffMs, long slackMs, long graceMs, int mostWaiters) {}
