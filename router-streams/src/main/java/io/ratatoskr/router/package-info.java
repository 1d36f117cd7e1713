/**
 * The router: a Kafka Streams application that decides who answers a request, and nothing else.
 *
 * <p>{@link io.ratatoskr.router.Router} runs it. Inside, start at {@code RouterTopology} for what
 * is connected to what, then read {@link io.ratatoskr.router.flight.Decider}, whose documentation
 * states the rules. What is here reads, stores, sends and talks to the cluster; it decides nothing.
 * The decisions stand in {@link io.ratatoskr.router.flight} and {@link io.ratatoskr.policy}, which
 * know nothing of this package.
 */
@NullMarked
package io.ratatoskr.router;

import org.jspecify.annotations.NullMarked;
