/**
 * The router: a Kafka Streams application that decides who answers a request, and nothing else.
 *
 * <p>{@link io.ratatoskr.router.Router} runs it. Inside, start at {@code RouterTopology} for what
 * is connected to what, then read {@code Decider}, whose documentation states the rules.
 */
@NullMarked
package io.ratatoskr.router;

import org.jspecify.annotations.NullMarked;
