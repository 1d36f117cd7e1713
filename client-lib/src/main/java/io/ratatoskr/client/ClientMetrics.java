package io.ratatoskr.client;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.MeterSpec;
import io.ratatoskr.schemas.MeterSpec.Kind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every meter of the client. All carry the tag {@code lane}. */
public final class ClientMetrics implements AutoCloseable {
  private static final String LANE = "lane";

  private static final MeterSpec RECORDS =
      new MeterSpec(
          "ratatoskr_client_records_total",
          Kind.COUNTER,
          "lane, outcome",
          "Request records that ended: answered, unreachable, closed, or an error's name.");
  private static final MeterSpec LATENCY =
      new MeterSpec(
          "ratatoskr_client_latency_seconds",
          Kind.TIMER,
          "lane",
          "From the call to the outcome of a request record, the wait for room in flight"
              + " included.");
  private static final MeterSpec RESENT =
      new MeterSpec(
          "ratatoskr_client_resent_total",
          Kind.COUNTER,
          "lane",
          "Sends repeated because no broker acknowledged them.");
  private static final MeterSpec REPLIES =
      new MeterSpec(
          "ratatoskr_client_replies_total",
          Kind.COUNTER,
          "lane, kind",
          "Records read from the inbox partition: first, part (of an answer), unknown (parts of a"
              + " kind that this release lacks), late (nobody waits), foreign.");
  private static final MeterSpec CANCELLATIONS =
      new MeterSpec(
          "ratatoskr_client_cancellations_total",
          Kind.COUNTER,
          "lane",
          "Cancellations of requests and jobs that were sent.");
  private static final MeterSpec IN_FLIGHT =
      new MeterSpec(
          "ratatoskr_client_in_flight",
          Kind.GAUGE,
          "lane",
          "Request records sent and not answered.");
  private static final MeterSpec IN_FLIGHT_BYTES =
      new MeterSpec(
          "ratatoskr_client_in_flight_bytes", Kind.GAUGE, "lane", "Bytes of those records.");
  private static final MeterSpec WAITING =
      new MeterSpec(
          "ratatoskr_client_waiting",
          Kind.GAUGE,
          "lane",
          "Request records that wait for room in flight.");

  /** The kinds of records in an inbox partition. */
  enum ReplyKind {
    FIRST("first"),
    PART("part"),
    UNKNOWN("unknown"),
    LATE("late"),
    FOREIGN("foreign");

    private final String tag;

    ReplyKind(String tag) {
      this.tag = tag;
    }
  }

  private final MeterRegistry registry;
  private final Map<Lane, Timer> latencies = new ConcurrentHashMap<>();
  private final List<Meter> gauges = new CopyOnWriteArrayList<>();

  ClientMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** A table of all meters in Markdown. */
  public static String markdown() {
    return MeterSpec.markdown(
        Stream.of(
            RECORDS, LATENCY, RESENT, REPLIES, CANCELLATIONS, IN_FLIGHT, IN_FLIGHT_BYTES, WAITING));
  }

  void ended(Lane lane, @Nullable RatatoskrException failure, long millis) {
    count(RECORDS, lane, Tags.of("outcome", tagOf(failure)));
    latencies
        .computeIfAbsent(
            lane,
            key ->
                Timer.builder(LATENCY.name())
                    .description(LATENCY.description())
                    .tag(LANE, lane.topicName())
                    .serviceLevelObjectives(MeterSpec.buckets())
                    .register(registry))
        .record(millis, TimeUnit.MILLISECONDS);
  }

  private void count(MeterSpec meter, Lane lane, Tags more) {
    Counter.builder(meter.name())
        .description(meter.description())
        .tag(LANE, lane.topicName())
        .tags(more)
        .register(registry)
        .increment();
  }

  private static String tagOf(@Nullable RatatoskrException failure) {
    if (failure == null) {
      return "answered";
    }
    if (failure instanceof RequestFailedException failed) {
      return failed.error().code().wireName();
    }
    return failure instanceof ClientClosedException ? "closed" : "unreachable";
  }

  void cancelled(Lane lane) {
    count(CANCELLATIONS, lane, Tags.empty());
  }

  void resent(Lane lane) {
    count(RESENT, lane, Tags.empty());
  }

  void read(Lane lane, ReplyKind kind) {
    count(REPLIES, lane, Tags.of("kind", kind.tag));
  }

  void watch(Lane lane, LanePath path) {
    gauge(IN_FLIGHT, lane, path, p -> p.load().inFlight());
    gauge(IN_FLIGHT_BYTES, lane, path, p -> p.load().inFlightBytes());
    gauge(WAITING, lane, path, p -> p.load().waiting());
  }

  private void gauge(MeterSpec meter, Lane lane, LanePath path, ToDoubleFunction<LanePath> value) {
    gauges.add(
        Gauge.builder(meter.name(), path, value)
            .description(meter.description())
            .tag(LANE, lane.topicName())
            .register(registry));
  }

  /** Takes the gauges away; what was counted stays. */
  @Override
  public void close() {
    gauges.forEach(registry::remove);
  }
}
