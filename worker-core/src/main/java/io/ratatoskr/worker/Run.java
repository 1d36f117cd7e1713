package io.ratatoskr.worker;

import java.time.Instant;

/**
 * One execution of a request by an engine.
 *
 * @param task the request as the engine prepared it
 * @param deadline after it nobody wants the answer
 * @param events takes the answer piece by piece, where it is wanted so
 * @param <T> the engine's task
 */
public record Run<T>(T task, Instant deadline, EventSink events) {}
