package io.ratatoskr.router;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.ratatoskr.catalog.HealthSnapshot;
import io.ratatoskr.router.flight.Decision;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.MeterSpec;
import io.ratatoskr.schemas.MeterSpec.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Every meter of the router. */
public final class RouterMetrics {

  /** A counter or gauge, its tags and its meaning. */
  public enum Meter {
    REQUESTS("requests_total", "lane, capability, outcome", "Terminal replies, by their outcome."),
    JOINS("joins_total", "lane", "Requests that joined a flight already open."),
    CACHE_HITS("cache_hits_total", "lane", "Requests answered from the cache."),
    CACHE_MISSES("cache_misses_total", "lane", "Requests that looked in the cache in vain."),
    DISPATCHES("dispatches_total", "lane", "Attempts sent to workers."),
    RETRIES("retries_total", "lane", "Attempts after a failed one."),
    CRASHES("worker_crashes_total", "lane", "Flights whose worker was lost while it ran them."),
    VANISHED("vanished_total", "lane", "Work that nobody reported on, and that was sent again."),
    HANDED_OVER(
        "handed_over_total",
        "lane",
        "Work of a pool without workers alive that was sent to another pool."),
    REPLAYS("replays_total", "lane", "Records read a second time after a restart."),
    STALE_RESULTS("stale_results_total", "lane", "Results that no open flight waited for."),
    CANCELLATIONS(
        "cancellations_total",
        "lane",
        "Requests that left their flight, and jobs, when cancelled."),
    ABORTS("aborts_total", "lane", "Work that workers were told to drop."),
    LOST_CLIENTS(
        "lost_clients_total", "lane", "Requests cancelled since their client's lease was over."),
    REKEYED("rekeyed_total", "lane", "Requests published again under their right key."),
    DEAD_LETTERS("dead_letters_total", "lane", "Records that could not be handled."),
    ALARMS("alarms_total", "lane", "Alarms handled."),
    SEND_FAILURES("send_failures_total", "", "Records that Kafka refused to take."),
    FLIGHTS_OPEN("flights_open", "lane", "Flights opened and not settled by this process."),
    CIRCUIT(
        "circuit",
        "pool, model",
        "Whether requests go to a pool's model, by the count of all routers: 0 closed, 1 degraded,"
            + " 2 half-open, 3 open.");

    private final String suffix;
    private final String tags;
    private final String meaning;

    Meter(String suffix, String tags, String meaning) {
      this.suffix = suffix;
      this.tags = tags;
      this.meaning = meaning;
    }

    /** The meter of what a decision counts. */
    static Meter of(Decision.Counted what) {
      return switch (what) {
        case JOIN -> JOINS;
        case REPLAY -> REPLAYS;
        case CANCELLATION -> CANCELLATIONS;
        case STALE_RESULT -> STALE_RESULTS;
        case VANISHED -> VANISHED;
        case RETRY -> RETRIES;
        case HANDOVER -> HANDED_OVER;
        case CRASH -> CRASHES;
      };
    }

    private MeterSpec spec() {
      Kind kind = suffix.endsWith("_total") ? Kind.COUNTER : Kind.GAUGE;
      return new MeterSpec("ratatoskr_router_" + suffix, kind, tags, meaning);
    }

    /** The name under which it is exposed. */
    public String meterName() {
      return spec().name();
    }

    private Counter.Builder counter() {
      return Counter.builder(meterName()).description(meaning);
    }
  }

  private record Key(Meter meter, Lane lane) {}

  private record RequestKey(Lane lane, Capability capability, String outcome) {}

  private final MeterRegistry registry;
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
  private final Map<RequestKey, Counter> requests = new ConcurrentHashMap<>();
  private final Map<Lane, AtomicLong> open = new ConcurrentHashMap<>();
  private final Counter sendFailures;
  private final MultiGauge circuits;

  RouterMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.sendFailures = Meter.SEND_FAILURES.counter().register(registry);
    this.circuits =
        MultiGauge.builder(Meter.CIRCUIT.meterName())
            .description(Meter.CIRCUIT.meaning)
            .register(registry);
  }

  /** A table of all meters in Markdown. */
  public static String markdown() {
    return MeterSpec.markdown(Stream.of(Meter.values()).map(Meter::spec));
  }

  void count(Meter meter, Lane lane) {
    count(meter, lane, 1);
  }

  void count(Meter meter, Lane lane, long times) {
    counters
        .computeIfAbsent(
            new Key(meter, lane),
            key -> meter.counter().tag("lane", lane.topicName()).register(registry))
        .increment((double) times);
  }

  void replied(Lane lane, Capability capability, String outcome, long times) {
    requests
        .computeIfAbsent(
            new RequestKey(lane, capability, outcome),
            key ->
                Meter.REQUESTS
                    .counter()
                    .tag("lane", lane.topicName())
                    .tag("capability", capability.topicName().toLowerCase(Locale.ROOT))
                    .tag("outcome", outcome)
                    .register(registry))
        .increment((double) times);
  }

  void opened(Lane lane, int difference) {
    open.computeIfAbsent(
            lane,
            key -> {
              AtomicLong value = new AtomicLong();
              Gauge.builder(Meter.FLIGHTS_OPEN.meterName(), value, AtomicLong::get)
                  .description(Meter.FLIGHTS_OPEN.meaning)
                  .tag("lane", lane.topicName())
                  .register(registry);
              return value;
            })
        .addAndGet(difference);
  }

  /** Shows how the circuits stand now. */
  void circuits(HealthSnapshot health) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    health
        .standings()
        .forEach((of, standing) ->
            rows.add(
                MultiGauge.Row.of(
                    Tags.of("pool", of.pool(), "model", of.model()), standing.circuit().level())));
    circuits.register(rows, true);
  }

  void sendFailed() {
    sendFailures.increment();
  }
}
