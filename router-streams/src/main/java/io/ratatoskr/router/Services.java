package io.ratatoskr.router;

import io.ratatoskr.catalog.CatalogSnapshot;
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

  Services(
      RouterConfig config,
      Decider decider,
      RoutingPolicy policy,
      Intake intake,
      RouterCodecs codecs,
      FlightCodec codec,
      TopicDirectory directory,
      Supplier<CatalogSnapshot> catalog,
      RouterMetrics metrics,
      SendPoint sendPoint) {
    this(
        config,
        decider,
        policy,
        intake,
        codecs,
        codec,
        directory,
        catalog,
        metrics,
        sendPoint,
        new LiveCache(config.cache()));
  }
}
