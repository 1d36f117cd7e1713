package io.ratatoskr.bulk;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A snapshot of a job's progress.
 *
 * @param unit what a line is, in the plural: texts, pairs, queries
 * @param done lines that have their row or error line
 * @param total lines in all; an estimate until the input is read to its end, empty where even that
 *     is not possible
 * @param totalExact whether {@code total} is no estimate
 * @param linesPerSecond lines a second over the last seconds; over the whole run once it has ended
 * @param tokensPerSecond tokens a second over the same time
 * @param tokens tokens that this run asked for
 * @param reused lines that shared the answer to the same text
 * @param errors error lines
 * @param inFlight records sent and not yet answered
 * @param elapsed time since this run began
 * @param eta time left at this pace, where it can be said
 */
public record Progress(
    String unit,
    long done,
    OptionalLong total,
    boolean totalExact,
    double linesPerSecond,
    double tokensPerSecond,
    long tokens,
    long reused,
    long errors,
    int inFlight,
    Duration elapsed,
    Optional<Duration> eta) {}
