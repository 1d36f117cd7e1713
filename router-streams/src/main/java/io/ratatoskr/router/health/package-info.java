/**
 * How the models of pools do, as all routers see it together. {@link
 * io.ratatoskr.router.health.CircuitBreaker} is the rule; {@link
 * io.ratatoskr.router.health.HealthExchange} carries counts and states between the routers.
 */
@NullMarked
package io.ratatoskr.router.health;

import org.jspecify.annotations.NullMarked;
