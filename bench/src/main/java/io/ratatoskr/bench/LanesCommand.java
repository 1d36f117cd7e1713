package io.ratatoskr.bench;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "lanes",
    description = "Interactive latency and bulk speed beside each other, in every kind of backlog.",
    mixinStandardHelpOptions = true)
final class LanesCommand implements Callable<Integer> {
  /** The router has caught up with a client when so few of its requests are not dispatched. */
  private static final int CAUGHT_UP = 500;

  /** Of the vectors that the echo's replies are as large as. */
  private static final int DIMENSIONS = 384;

  private static final String BEHIND = "a client writes faster than the router reads";

  private static final long PATIENCE_NANOS = 300_000_000_000L;

  @Option(names = "--model", description = "Default: ${DEFAULT-VALUE}")
  private String model = "all-minilm-l6-v2";

  @Option(
      names = "--backlog",
      description = "One-text bulk requests that wait in the work queue. Default: ${DEFAULT-VALUE}")
  private int backlog = 40_000;

  @Option(
      names = "--flood",
      description =
          "One-text bulk requests that are written at once for each window in which the router is"
              + " behind. Default: ${DEFAULT-VALUE}")
  private int flood = 50_000;

  @Option(
      names = "--rates",
      split = ",",
      description = "Interactive requests a second. Default: ${DEFAULT-VALUE}")
  private List<Integer> rates = List.of(10);

  @Option(names = "--seconds", description = "Of each window. Default: ${DEFAULT-VALUE}")
  private int seconds = 10;

  @Option(names = "--rounds", description = "Windows of each kind. Default: ${DEFAULT-VALUE}")
  private int rounds = 2;

  private final Map<Integer, Samples> idle = new LinkedHashMap<>();
  private final Map<Integer, Samples> bareIdle = new LinkedHashMap<>();
  private int failed;

  /** What was measured at one rate; without interactive requests there are no latencies. */
  private static final class Readings {
    private final List<Double> millis = new ArrayList<>();
    private double texts;
    private double seconds;

    double bulkRate() {
      return seconds == 0 ? 0 : texts / seconds;
    }
  }

  @Override
  public Integer call() throws Exception {
    Report report =
        new Report(
            "Lanes beside each other, " + model,
            "lanes --backlog %d --flood %d --rates %s --seconds %d --rounds %d"
                .formatted(
                    backlog,
                    flood,
                    String.join(",", rates.stream().map(String::valueOf).toList()),
                    seconds,
                    rounds),
            "bulk lane",
            "interactive requests/s",
            "p50, ms",
            "p99, ms",
            "p50 ÷ idle (bar: 2)",
            "p99 − 2 × idle p99, ms (bar: 30)",
            "bulk texts/s",
            "÷ bulk alone");
    try (UpProcess up = UpProcess.start(model);
        Offsets offsets = new Offsets(up.bootstrap());
        Contender interactive = client("interactive", "paced", up);
        Contender _ = Echo.startServer(up.bootstrap(), DIMENSIONS);
        Contender bare = client("bare", "bare", up);
        Contender bulk = client("bulk", "bulk", up)) {
      warmUp(interactive, bare, bulk, offsets);
      for (int rate : rates) {
        Readings alone = new Readings();
        Readings bareAlone = new Readings();
        for (int round = 0; round < rounds; round++) {
          window(alone, rate, interactive, offsets);
          window(bareAlone, rate, bare, offsets);
        }
        idle.put(rate, new Samples(alone.millis));
        bareIdle.put(rate, new Samples(bareAlone.millis));
        row(report, "idle", rate, alone, null, idle);
        row(report, "idle: bare hops and inference", rate, bareAlone, null, bareIdle);
      }
      inRequestTopic(report, interactive, bare, bulk, offsets);
      inWorkQueue(report, interactive, bulk, offsets);
    }
    report
        .note(
            "Broker, router and worker in `./ratatoskr up`; each client a process of its own."
                + " Requests of one text of some twelve tokens, uncached; an interactive one is due"
                + " at a random moment of its slot, and its time counts from then. Bare hops and"
                + " inference: two round trips of an echo and the same inference in the client's"
                + " own process, at the same pace, without router, worker or library. Failed: "
                + failed
                + ".")
        .print();
    return failed == 0 ? 0 : 1;
  }

  private Contender client(String name, String contender, UpProcess up) {
    return Contender.start(
        name,
        Contender.bench(
            "contender", contender, "--bootstrap=" + up.bootstrap(), "--model=" + model));
  }

  private void warmUp(Contender interactive, Contender bare, Contender bulk, Offsets offsets)
      throws InterruptedException {
    bulk.runAsync(new Slice(2_000, 0)).join();
    interactive.runAsync(new Slice(20, 10)).join();
    bare.runAsync(new Slice(20, 10)).join();
    await(() -> written(offsets) - settled(offsets) == 0, "the warm-up did not end");
    Report.progress("warm");
  }

  /** A client writes faster than the router reads, for as long as the router is behind. */
  private void inRequestTopic(
      Report report, Contender interactive, Contender bare, Contender bulk, Offsets offsets)
      throws InterruptedException {
    Readings alone = new Readings();
    Map<Integer, Readings> beside = new LinkedHashMap<>();
    Map<Integer, Readings> bareBeside = new LinkedHashMap<>();
    rates.forEach(rate -> {
      beside.put(rate, new Readings());
      bareBeside.put(rate, new Readings());
    });
    long furthest = 0;
    for (int round = 0; round < rounds; round++) {
      furthest = Math.max(furthest, behind(alone, 0, interactive, bulk, offsets));
      for (int rate : rates) {
        Readings readings = Objects.requireNonNull(beside.get(rate));
        furthest = Math.max(furthest, behind(readings, rate, interactive, bulk, offsets));
        Readings bareReadings = Objects.requireNonNull(bareBeside.get(rate));
        furthest = Math.max(furthest, behind(bareReadings, rate, bare, bulk, offsets));
      }
    }
    row(report, BEHIND, 0, alone, alone, idle);
    beside.forEach((rate, readings) -> row(report, BEHIND, rate, readings, alone, idle));
    bareBeside.forEach((rate, readings) ->
        row(report, BEHIND + ": bare hops and inference", rate, readings, alone, bareIdle));
    report.note(
        "The router was at most %,d requests behind the client that wrote %,d at once."
            .formatted(furthest, flood));
  }

  /** Returns how many requests the router was behind at most. */
  private long behind(
      Readings readings, int rate, Contender interactive, Contender bulk, Offsets offsets)
      throws InterruptedException {
    long settled = settled(offsets);
    long begin = System.nanoTime();
    long end = written(offsets) + flood;
    CompletableFuture<JsonNode> writing = bulk.runAsync(new Slice(flood, 0));
    long furthest = 0;
    long behind;
    do {
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new IllegalStateException("the router does not catch up with " + flood);
      }
      if (rate > 0) {
        latencies(readings, interactive.runAsync(new Slice(rate, 1)).join());
      } else {
        Thread.sleep(1_000);
      }
      long dispatched = dispatched(offsets);
      furthest = Math.max(furthest, written(offsets) - dispatched);
      behind = end - dispatched;
    } while (behind > CAUGHT_UP);
    readings.texts += settled(offsets) - settled;
    readings.seconds += (System.nanoTime() - begin) / 1e9;
    failed += writing.join().path("failed").asInt();
    return furthest;
  }

  private void inWorkQueue(Report report, Contender interactive, Contender bulk, Offsets offsets)
      throws InterruptedException {
    long missing = backlog - (dispatched(offsets) - settled(offsets));
    if (missing > 0) {
      long wanted = dispatched(offsets) + missing;
      bulk.runAsync(new Slice((int) missing, 0)).join();
      await(() -> dispatched(offsets) >= wanted, "the work queue did not fill");
    }
    long waiting = dispatched(offsets) - settled(offsets);
    Readings alone = new Readings();
    Map<Integer, Readings> beside = new LinkedHashMap<>();
    rates.forEach(rate -> beside.put(rate, new Readings()));
    for (int round = 0; round < rounds; round++) {
      window(alone, 0, interactive, offsets);
      for (Map.Entry<Integer, Readings> entry : beside.entrySet()) {
        window(entry.getValue(), entry.getKey(), interactive, offsets);
      }
    }
    if (dispatched(offsets) == settled(offsets)) {
      throw new IllegalStateException("the backlog did not last; take a larger one");
    }
    String name = "%,d wait in the work queue".formatted(waiting);
    row(report, name, 0, alone, alone, idle);
    beside.forEach((rate, readings) -> row(report, name, rate, readings, alone, idle));
  }

  private void window(Readings readings, int rate, Contender interactive, Offsets offsets)
      throws InterruptedException {
    long settled = settled(offsets);
    long begin = System.nanoTime();
    if (rate > 0) {
      latencies(readings, interactive.runAsync(new Slice(rate, seconds)).join());
    } else {
      Thread.sleep(seconds * 1_000L);
    }
    readings.texts += settled(offsets) - settled;
    readings.seconds += (System.nanoTime() - begin) / 1e9;
  }

  private void latencies(Readings readings, JsonNode reply) {
    failed += reply.path("failed").asInt();
    reply.path("millis").forEach(value -> readings.millis.add(value.asDouble()));
  }

  private void row(
      Report report,
      String situation,
      int rate,
      Readings readings,
      @Nullable Readings alone,
      Map<Integer, Samples> quietTimes) {
    String share = alone == null ? "" : Report.number(readings.bulkRate() / alone.bulkRate());
    String bulk = alone == null ? "" : Report.number(readings.bulkRate());
    if (rate == 0) {
      report.row(situation, "none", "", "", "", "", bulk, "");
      return;
    }
    Samples times = new Samples(readings.millis);
    Samples quiet = Objects.requireNonNull(quietTimes.get(rate));
    boolean compared = alone != null;
    double p99 = times.quantile(0.99);
    report.row(
        situation,
        rate,
        Report.number(times.median()),
        Report.number(p99),
        compared ? Report.number(times.median() / quiet.median()) : "",
        compared ? Report.number(p99 - 2 * quiet.quantile(0.99)) : "",
        bulk,
        share);
    Report.progress(
        "%s, %d/s: p50 %s ms, p99 %s ms, bulk %s/s"
            .formatted(
                situation,
                rate,
                Report.number(times.median()),
                Report.number(p99),
                Report.number(readings.bulkRate())));
  }

  private static long written(Offsets offsets) {
    return offsets.end(Topics.requests(Domain.DEFAULT, Lane.BULK, Capability.EMBED));
  }

  private static long dispatched(Offsets offsets) {
    return offsets.end(
        Topics.work(Lane.BULK, Pools.standard().serving(Capability.EMBED).getFirst().name()));
  }

  private static long settled(Offsets offsets) {
    return offsets.end(Topics.results(Lane.BULK));
  }

  private static void await(BooleanSupplier condition, String message) throws InterruptedException {
    long begin = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new IllegalStateException(message);
      }
      Thread.sleep(200);
    }
  }
}
