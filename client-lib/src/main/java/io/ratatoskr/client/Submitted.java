package io.ratatoskr.client;

import java.util.concurrent.CompletableFuture;

/**
 * A request that goes its way whether or not this process lives to see its reply.
 *
 * @param handle by which any process finds the reply; there when a broker has the request. Fails
 *     with a {@link RatatoskrException} where the request could not be sent
 * @param reply as {@link Ratatoskr#ask} gives it: to cancel it is to cancel the request
 */
public record Submitted<R>(CompletableFuture<Handle> handle, CompletableFuture<R> reply) {}
