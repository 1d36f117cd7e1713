package io.ratatoskr.client;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.ratatoskr.schemas.Lane;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** Every meter of the client. All carry the tag {@code lane}. */
public final class ClientMetrics implements AutoCloseable {
  private static final String LANE = "lane";

  /** A meter's name and meaning. */
  enum Metric {
    RECORDS(
        "ratatoskr_client_records",
        "Request records that ended; tag outcome: answered, unreachable, closed, or an error name"),
    LATENCY(
        "ratatoskr_client_latency",
        "From the call to the outcome of a request record, the wait for room in flight included"),
    RESENT("ratatoskr_client_resent", "Sends repeated because no broker acknowledged them"),
    REPLIES(
        "ratatoskr_client_replies",
        "Records read from the inbox partition; tag kind: first, late (nobody waits), foreign"),
    IN_FLIGHT("ratatoskr_client_in_flight", "Request records sent and not answered"),
    IN_FLIGHT_BYTES("ratatoskr_client_in_flight_bytes", "Bytes of those records"),
    WAITING("ratatoskr_client_waiting", "Request records that wait for room in flight");

    private final String meterName;
    private final String description;

    Metric(String meterName, String description) {
      this.meterName = meterName;
      this.description = description;
    }

    String meterName() {
      return meterName;
    }

    String description() {
      return description;
    }
  }

  /** What a record of the inbox partition was. */
  enum ReplyKind {
    FIRST("first"),
    LATE("late"),
    FOREIGN("foreign");

    private final String tag;

    ReplyKind(String tag) {
      this.tag = tag;
    }
  }

  private final MeterRegistry registry;
  private final List<Meter> gauges = new CopyOnWriteArrayList<>();

  ClientMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** A table of all meters in Markdown. */
  public static String markdown() {
    StringBuilder table = new StringBuilder("| meter | meaning |\n|---|---|\n");
    for (Metric metric : Metric.values()) {
      table.append("| `").append(metric.meterName).append("` | ");
      table.append(metric.description).append(" |\n");
    }
    return table.toString();
  }

  void ended(Lane lane, RecordOutcome outcome, long millis) {
    Counter.builder(Metric.RECORDS.meterName)
        .description(Metric.RECORDS.description)
        .tag(LANE, lane.topicName())
        .tag("outcome", tagOf(outcome))
        .register(registry)
        .increment();
    Timer.builder(Metric.LATENCY.meterName)
        .description(Metric.LATENCY.description)
        .tag(LANE, lane.topicName())
        .register(registry)
        .record(millis, TimeUnit.MILLISECONDS);
  }

  private static String tagOf(RecordOutcome outcome) {
    if (!(outcome instanceof RecordOutcome.Failure failure)) {
      return "answered";
    }
    if (failure.cause() instanceof RequestFailedException failed) {
      return failed.error().code().wireName();
    }
    return failure.cause() instanceof ClientClosedException ? "closed" : "unreachable";
  }

  void resent(Lane lane) {
    Counter.builder(Metric.RESENT.meterName)
        .description(Metric.RESENT.description)
        .tag(LANE, lane.topicName())
        .register(registry)
        .increment();
  }

  void read(Lane lane, ReplyKind kind) {
    Counter.builder(Metric.REPLIES.meterName)
        .description(Metric.REPLIES.description)
        .tag(LANE, lane.topicName())
        .tag("kind", kind.tag)
        .register(registry)
        .increment();
  }

  void watch(Lane lane, LanePath path) {
    gauge(Metric.IN_FLIGHT, lane, path, p -> p.load().inFlight());
    gauge(Metric.IN_FLIGHT_BYTES, lane, path, p -> p.load().inFlightBytes());
    gauge(Metric.WAITING, lane, path, p -> p.load().waiting());
  }

  private void gauge(Metric metric, Lane lane, LanePath path, ToDoubleFunction<LanePath> value) {
    gauges.add(
        Gauge.builder(metric.meterName, path, value)
            .description(metric.description)
            .tag(LANE, lane.topicName())
            .register(registry));
  }

  /** Takes the gauges away; what was counted stays. */
  @Override
  public void close() {
    gauges.forEach(registry::remove);
  }
}
