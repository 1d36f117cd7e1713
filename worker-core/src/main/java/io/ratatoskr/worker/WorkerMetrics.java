package io.ratatoskr.worker;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.ratatoskr.schemas.Lane;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Every meter of a worker. */
public final class WorkerMetrics {

  /** The meters; Prometheus shows dots as underscores, and the unit or {@code total} at the end. */
  public enum Meter {
    TAKEN("ratatoskr.worker.taken", "counter", "pool, lane", "Deliveries of work."),
    OUTCOMES(
        "ratatoskr.worker.outcomes",
        "counter",
        "pool, lane, outcome",
        "Outcomes published and acknowledged: answered, retryable, rejected, loading."),
    QUEUE_TIME(
        "ratatoskr.worker.queue",
        "timer",
        "pool, lane",
        "From the dispatch until a worker took it."),
    EXECUTION_TIME(
        "ratatoskr.worker.execution",
        "timer",
        "pool, lane",
        "From taking it until its outcome was acknowledged."),
    CLAIMS(
        "ratatoskr.worker.claims",
        "counter",
        "pool, lane, won",
        "Attempts claimed before they were run; lost ones belong to another worker."),
    LOCKS_LOST(
        "ratatoskr.worker.locks.lost",
        "counter",
        "pool, lane",
        "Records whose acknowledgement came too late: they are delivered again."),
    DEAD_LETTERS(
        "ratatoskr.worker.dead.letters",
        "counter",
        "pool",
        "Work records that could not be decoded."),
    SOURCE_READS(
        "ratatoskr.worker.source.reads",
        "counter",
        "pool, found",
        "Payloads read from the request topic."),
    RESTARTS(
        "ratatoskr.worker.restarts",
        "counter",
        "pool, lane",
        "Unexpected failures after which the work loop started anew."),
    POLL_RECORDS(
        "ratatoskr.worker.poll.records",
        "gauge",
        "pool, lane",
        "Most records that one poll of a share group takes.");

    private final String meterName;
    private final String kind;
    private final String tags;
    private final String description;

    Meter(String meterName, String kind, String tags, String description) {
      this.meterName = meterName;
      this.kind = kind;
      this.tags = tags;
      this.description = description;
    }

    /** Its name in Micrometer. */
    public String meterName() {
      return meterName;
    }

    /** What it counts. */
    public String description() {
      return description;
    }
  }

  private final MeterRegistry registry;
  private final Tags pool;
  private final Map<Lane, AtomicInteger> pollRecords = new EnumMap<>(Lane.class);

  WorkerMetrics(MeterRegistry registry, String pool) {
    this.registry = registry;
    this.pool = Tags.of("pool", pool);
  }

  /** A table of the meters in Markdown. */
  public static String markdown() {
    StringBuilder table =
        new StringBuilder("| meter | kind | tags | meaning |\n|---|---|---|---|\n");
    for (Meter meter : Meter.values()) {
      table.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(meter.meterName, meter.kind, meter.tags, meter.description));
    }
    return table.toString();
  }

  private void count(Meter meter, Tags tags) {
    registry.counter(meter.meterName, tags).increment();
  }

  private Tags lane(Lane lane) {
    return pool.and("lane", lane.topicName());
  }

  void taken(Lane lane) {
    count(Meter.TAKEN, lane(lane));
  }

  void settled(Job job, Outcome outcome, long nowMs) {
    Tags lane = lane(job.lane());
    String name =
        switch (outcome) {
          case Outcome.Answered answered -> "answered";
          case Outcome.Retryable retryable -> "retryable";
          case Outcome.Rejected rejected -> "rejected";
          case Outcome.Loading loading -> "loading";
        };
    count(Meter.OUTCOMES, lane.and("outcome", name));
    time(Meter.QUEUE_TIME, lane, job.takenMs() - job.item().getDispatchedMs());
    time(Meter.EXECUTION_TIME, lane, nowMs - job.takenMs());
  }

  private void time(Meter meter, Tags tags, long millis) {
    registry.timer(meter.meterName, tags).record(Math.max(0, millis), TimeUnit.MILLISECONDS);
  }

  void claimed(Lane lane, boolean won) {
    count(Meter.CLAIMS, lane(lane).and("won", Boolean.toString(won)));
  }

  void locksLost(Lane lane, int records) {
    registry.counter(Meter.LOCKS_LOST.meterName, lane(lane)).increment(records);
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
              key -> registry.gauge(Meter.POLL_RECORDS.meterName, lane(lane), new AtomicInteger()));
    }
    value.set(records);
  }
}
