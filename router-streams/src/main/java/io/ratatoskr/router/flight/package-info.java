/**
 * What becomes of requests with one fingerprint: the flight that answers them all, the events that
 * befall it, and the decisions that follow. Everything here is pure: it reads no clock and no
 * store, and knows neither Kafka nor meters.
 *
 * <p>Start at {@link io.ratatoskr.router.flight.Flight}, which draws the states, then read {@link
 * io.ratatoskr.router.flight.Decider}, which states the rules.
 */
@NullMarked
package io.ratatoskr.router.flight;

import org.jspecify.annotations.NullMarked;
