package io.ratatoskr.router;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.catalog.HealthSnapshot;
import io.ratatoskr.policy.PoolCandidate;
import io.ratatoskr.policy.RoutingPolicy;
import io.ratatoskr.router.flight.Decider;
import io.ratatoskr.router.health.Tally;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import java.util.function.Supplier;

/** The parts that all tasks of a router share; each is safe for many threads. */
record Services(
    RouterConfig config,
    LivePolicy livePolicy,
    Intake intake,
    PromptReader prompts,
    RouterCodecs codecs,
    FlightCodec codec,
    TopicDirectory directory,
    Supplier<CatalogSnapshot> catalog,
    Supplier<HealthSnapshot> health,
    Tally tally,
    RouterMetrics metrics,
    SendPoint sendPoint,
    LiveCache cache,
    Occupancies occupancies) {

  /** The parts that follow from the configuration, beside those that reach the world. */
  Services(
      RouterConfig config,
      RouterCodecs codecs,
      TopicDirectory directory,
      Supplier<CatalogSnapshot> catalog,
      Supplier<HealthSnapshot> health,
      Tally tally,
      RouterMetrics metrics,
      SendPoint sendPoint) {
    this(
        config,
        new LivePolicy(config),
        new Intake(directory, config),
        codecs.prompts(),
        codecs,
        new FlightCodec(),
        directory,
        catalog,
        health,
        tally,
        metrics,
        sendPoint,
        new LiveCache(config.cache()),
        new Occupancies());
  }

  /** Who may answer requests, as it holds now. */
  RoutingPolicy policy() {
    return livePolicy.policy();
  }

  /**
   * The topic that a candidate's work goes to: that of its queue, or its pool's own where no worker
   * alive takes from that queue.
   */
  String workTopic(Lane lane, PoolCandidate candidate) {
    if (!candidate.queue().isEmpty()) {
      String own = Topics.work(lane, candidate.pool(), candidate.queue());
      if (catalog.get().pool(candidate.pool()).queues().contains(own)
          && directory.topics().contains(own)) {
        return own;
      }
    }
    return Topics.work(lane, candidate.pool());
  }

  /** What becomes of flights, as it holds now. */
  Decider decider() {
    return livePolicy.decider();
  }
}
