package io.ratatoskr.worker;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.MeterSpec;
import io.ratatoskr.schemas.MeterSpec.Kind;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Every meter of a worker. */
public final class WorkerMetrics {

  /** A counter, timer or gauge, its tags and its meaning. */
  public enum Meter {
    TAKEN("taken_total", Kind.COUNTER, "pool, lane", "Deliveries of work."),
    OUTCOMES(
        "outcomes_total",
        Kind.COUNTER,
        "pool, lane, outcome",
        "Outcomes published and acknowledged: answered, retryable, rejected, loading, cancelled"
            + " (nobody wanted it any more)."),
    QUEUE_TIME(
        "queue_seconds", Kind.TIMER, "pool, lane", "From the dispatch until a worker took it."),
    EXECUTION_TIME(
        "execution_seconds",
        Kind.TIMER,
        "pool, lane",
        "From taking it until its outcome was acknowledged."),
    CLAIMS(
        "claims_total",
        Kind.COUNTER,
        "pool, lane, won",
        "Attempts claimed before they were run; lost ones belong to another worker."),
    LOCKS_LOST(
        "locks_lost_total",
        Kind.COUNTER,
        "pool, lane",
        "Records whose acknowledgement came too late: they are delivered again."),
    DEAD_LETTERS(
        "dead_letters_total", Kind.COUNTER, "pool", "Work records that could not be decoded."),
    SOURCE_READS(
        "source_reads_total", Kind.COUNTER, "pool, found", "Payloads read from the request topic."),
    RESTARTS(
        "restarts_total",
        Kind.COUNTER,
        "pool, lane",
        "Unexpected failures after which the work loop started anew."),
    POLL_RECORDS(
        "poll_records",
        Kind.GAUGE,
        "pool, lane",
        "Most records that one poll of a share group takes.");

    @SuppressWarnings("ImmutableEnumChecker") // A record of texts and of an enum.
    private final MeterSpec spec;

    Meter(String suffix, Kind kind, String tags, String meaning) {
      spec = new MeterSpec("ratatoskr_worker_" + suffix, kind, tags, meaning);
    }

    /** The name under which it is exposed. */
    public String meterName() {
      return spec.name();
    }
  }

  private final RegisteredMeters meters;
  private final Tags pool;
  private final Map<Lane, AtomicInteger> pollRecords = new EnumMap<>(Lane.class);

  WorkerMetrics(MeterRegistry registry, String pool) {
    this.meters = new RegisteredMeters(registry);
    this.pool = Tags.of("pool", pool);
  }

  /** A table of the meters in Markdown. */
  public static String markdown() {
    return MeterSpec.markdown(Stream.of(Meter.values()).map(meter -> meter.spec));
  }

  private void count(Meter meter, Tags tags) {
    count(meter, tags, 1);
  }

  private void count(Meter meter, Tags tags, int times) {
    meters.count(meter.spec, tags, times);
  }

  private Tags lane(Lane lane) {
    return pool.and("lane", lane.topicName());
  }

  void taken(Lane lane) {
    count(Meter.TAKEN, lane(lane));
  }

  void settled(Delivery delivery, Outcome outcome, long nowMs) {
    Tags lane = lane(delivery.lane());
    String name =
        switch (outcome) {
          case Outcome.Answered answered -> "answered";
          case Outcome.Retryable retryable -> "retryable";
          case Outcome.Rejected rejected ->
              rejected.error().code() == ErrorCode.CANCELLED ? "cancelled" : "rejected";
          case Outcome.Loading loading -> "loading";
        };
    count(Meter.OUTCOMES, lane.and("outcome", name));
    time(Meter.QUEUE_TIME, lane, delivery.takenMs() - delivery.item().getDispatchedMs());
    time(Meter.EXECUTION_TIME, lane, nowMs - delivery.takenMs());
  }

  private void time(Meter meter, Tags tags, long millis) {
    meters.time(meter.spec, tags, millis, TimeUnit.MILLISECONDS);
  }

  void claimed(Lane lane, boolean won) {
    count(Meter.CLAIMS, lane(lane).and("won", Boolean.toString(won)));
  }

  void locksLost(Lane lane, int records) {
    count(Meter.LOCKS_LOST, lane(lane), records);
  }

  void deadLettered() {
    count(Meter.DEAD_LETTERS, pool);
  }

  void sourceRead(boolean found) {
    count(Meter.SOURCE_READS, pool.and("found", Boolean.toString(found)));
  }

  void restarted(Lane lane) {
    count(Meter.RESTARTS, lane(lane));
  }

  void pollRecords(Lane lane, int records) {
    AtomicInteger value;
    synchronized (pollRecords) {
      value =
          pollRecords.computeIfAbsent(
              lane,
              key -> {
                AtomicInteger most = new AtomicInteger();
                meters.gauge(Meter.POLL_RECORDS.spec, lane(lane), most, AtomicInteger::get);
                return most;
              });
    }
    value.set(records);
  }
}
