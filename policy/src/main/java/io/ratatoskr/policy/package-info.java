/**
 * Who may answer a request: the choice of pools, their order and their limits, made once at
 * admission from configuration, catalog and the request's head. Everything here is pure, and knows
 * no flight.
 *
 * <p>Start at {@link io.ratatoskr.policy.RoutingPolicy}.
 */
@NullMarked
package io.ratatoskr.policy;

import org.jspecify.annotations.NullMarked;
