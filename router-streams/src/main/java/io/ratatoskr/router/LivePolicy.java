package io.ratatoskr.router;

import io.ratatoskr.policy.PolicyFile;
import io.ratatoskr.policy.RetrySettings;
import io.ratatoskr.policy.RoutingPolicy;
import io.ratatoskr.router.flight.Decider;
import io.ratatoskr.router.flight.Rules;
import org.jspecify.annotations.Nullable;

/**
 * The policy that holds now: that of the configuration until one is applied. What was admitted
 * before keeps the candidates that it has. Thread-safe.
 */
final class LivePolicy {
  private final RouterConfig config;
  private volatile Ruling ruling;

  /**
   * What follows from one policy.
   *
   * @param policy who may answer
   * @param decider what becomes of flights
   */
  private record Ruling(RoutingPolicy policy, Decider decider) {}

  /** The policy of the configuration. */
  LivePolicy(RouterConfig config) {
    this.config = config;
    this.ruling = of(null);
  }

  /** Takes an applied policy in place of the one that held. */
  void apply(PolicyFile applied) {
    ruling = of(applied);
  }

  /** Goes back to the policy of the configuration. */
  void withdraw() {
    ruling = of(null);
  }

  RoutingPolicy policy() {
    return ruling.policy();
  }

  Decider decider() {
    return ruling.decider();
  }

  private Ruling of(@Nullable PolicyFile applied) {
    RetrySettings retry = (applied == null ? config.policy() : applied.config()).retry();
    Rules rules =
        new Rules(
            retry.backoff().toMillis(),
            retry.longestBackoff().toMillis(),
            config.slack().toMillis(),
            config.grace().toMillis(),
            config.joining().waiters());
    return new Ruling(config.routing(applied), new Decider(rules));
  }
}
