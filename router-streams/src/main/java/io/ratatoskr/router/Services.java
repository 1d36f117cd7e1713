package io.ratatoskr.router;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.policy.RoutingPolicy;
import io.ratatoskr.router.flight.Decider;
import io.ratatoskr.router.flight.Rules;
import java.util.function.Supplier;

/** The parts that all tasks of a router share; each is safe for many threads. */
record Services(
    RouterConfig config,
    Decider decider,
    RoutingPolicy policy,
    Intake intake,
    RouterCodecs codecs,
    FlightCodec codec,
    TopicDirectory directory,
    Supplier<CatalogSnapshot> catalog,
    RouterMetrics metrics,
    SendPoint sendPoint,
    LiveCache cache) {

  /** The parts that follow from the configuration, beside those that reach the world. */
  Services(
      RouterConfig config,
      RouterCodecs codecs,
      TopicDirectory directory,
      Supplier<CatalogSnapshot> catalog,
      RouterMetrics metrics,
      SendPoint sendPoint) {
    this(
        config,
        new Decider(rules(config)),
        new RoutingPolicy(
            config.pools(),
            config.attempts().perCandidate(),
            lane -> config.lane(lane).queueLimit()),
        new Intake(directory, config),
        codecs,
        new FlightCodec(),
        directory,
        catalog,
        metrics,
        sendPoint,
        new LiveCache(config.cache()));
  }

  private static Rules rules(RouterConfig config) {
    return new Rules(
        config.attempts().backoff().toMillis(),
        config.attempts().longestBackoff().toMillis(),
        config.slack().toMillis(),
        config.grace().toMillis(),
        config.joining().waiters());
  }
}
