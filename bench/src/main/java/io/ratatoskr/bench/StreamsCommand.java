package io.ratatoskr.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "streams",
    description =
        "Many streams at once through one gateway worker: whether all end whole and in order, the"
            + " processor time of a chunk beside the same streams read by bare OkHttp, and how soon"
            + " a cancelled one is hung up on.",
    mixinStandardHelpOptions = true)
final class StreamsCommand implements Callable<Integer> {
  private static final double BAR = 3;
  private static final int WARM_UP_TOKENS = 60;
  private static final int BULK_CONCURRENCY = 64;

  @Option(names = "--streams", description = "At once. Default: ${DEFAULT-VALUE}")
  private int streams = 2_000;

  @Option(names = "--tokens", description = "Of each stream. Default: ${DEFAULT-VALUE}")
  private int tokens = 200;

  @Option(names = "--rate", description = "Tokens a second of each. Default: ${DEFAULT-VALUE}")
  private int rate = 10;

  @Option(names = "--rounds", description = "Default: ${DEFAULT-VALUE}")
  private int rounds = 3;

  @Option(names = "--cancels", description = "Of each situation. Default: ${DEFAULT-VALUE}")
  private int cancels = 200;

  private boolean flawless = true;

  /**
   * A run's processor seconds for 1,000 chunks, by process.
   *
   * @param tally of the run
   */
  private record Cost(ChatTally tally, Map<String, Double> perThousand) {
    double of(String process) {
      return perThousand.getOrDefault(process, 0.0);
    }
  }

  @Override
  public Integer call() throws Exception {
    // A worker takes work while a quarter of its places is free.
    int concurrent = Math.max(16, streams * 2);
    Report report =
        new Report(
            "%,d streams of %d tokens at %d a second each".formatted(streams, tokens, rate),
            "streams --streams %d --tokens %d --rate %d --rounds %d --cancels %d"
                .formatted(streams, tokens, rate, rounds, cancels),
            "what",
            "value: median of rounds (range)");
    try (ChatPipeline pipeline = ChatPipeline.start(concurrent);
        Contender ours =
            ChatClient.start(
                "client", ChatClient.Way.KAFKA, pipeline.bootstrap(), ChatPipeline.MODEL, "");
        Contender bare =
            ChatClient.start(
                "bare OkHttp",
                ChatClient.Way.BARE,
                pipeline.provider().setting("url"),
                ChatPipeline.MODEL,
                "")) {
      costs(report, pipeline, ours, bare);
      if (cancels > 0) {
        cancellations(report, pipeline, ours, bare);
      }
      report.note(
          "Provider, broker, router, worker (-Xmx%s), client and bare OkHttp are a process each, on"
                  .formatted(ChatPipeline.HEAP)
              + " this one machine; every piece of every stream is checked by the client, bare"
              + " OkHttp counts lines. Chunks are the provider's, one for each token. Largest"
              + " resident set of the worker: %,d MiB."
                  .formatted(pipeline.worker().mostMemoryMiB()));
    }
    report.print();
    return flawless ? 0 : 1;
  }

  private void costs(Report report, ChatPipeline pipeline, Contender ours, Contender bare) {
    Plan plan = Plan.counting(tokens, rate);
    ChatLoad warmUp =
        ChatLoad.streamed(streams, streams, Plan.counting(Math.min(tokens, WARM_UP_TOKENS), rate));
    ChatClient.run(ours, warmUp);
    ChatClient.run(bare, warmUp);
    Report.progress("warm");
    List<Cost> through = new ArrayList<>();
    List<Cost> direct = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      through.add(run(pipeline, "client", ours, ChatLoad.streamed(streams, streams, plan)));
      direct.add(run(pipeline, "bare OkHttp", bare, ChatLoad.streamed(streams, streams, plan)));
      Report.progress(
          "round %d of %d: worker %s s, bare OkHttp %s s for 1,000 chunks"
              .formatted(
                  round + 1,
                  rounds,
                  Report.number(through.getLast().of("worker")),
                  Report.number(direct.getLast().of("bare OkHttp"))));
    }
    double[] ratios = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      ratios[round] = through.get(round).of("worker") / direct.get(round).of("bare OkHttp");
    }
    int whole = through.stream().mapToInt(cost -> cost.tally().whole()).sum();
    report
        .row(
            "streams through the pipeline that ended whole and in order",
            "%,d of %,d (%s)".formatted(whole, streams * rounds, through.getLast().tally().flaws()))
        .row("seconds, through the pipeline", samples(through, cost -> cost.tally().seconds()))
        .row("seconds, bare OkHttp", samples(direct, cost -> cost.tally().seconds()))
        .row("CPU ms for 1,000 chunks, worker", samples(through, cost -> 1e3 * cost.of("worker")))
        .row(
            "CPU ms for 1,000 chunks, bare OkHttp",
            samples(direct, cost -> 1e3 * cost.of("bare OkHttp")))
        .row("worker ÷ bare OkHttp, by rounds; bar: " + BAR, new Samples(ratios));
    for (String other : List.of("router", "broker", "client", "provider")) {
      report.row(
          "beside it, CPU ms for 1,000 chunks: " + other,
          samples(through, cost -> 1e3 * cost.of(other)));
    }
    report.row(
        "the provider's for bare OkHttp", samples(direct, cost -> 1e3 * cost.of("provider")));
    flawless =
        through.stream().allMatch(cost -> cost.tally().isFlawless())
            && direct.stream().allMatch(cost -> cost.tally().isFlawless());
  }

  private static Samples samples(List<Cost> costs, ToDoubleFunction<Cost> value) {
    return new Samples(costs.stream().mapToDouble(value).toArray());
  }

  private static Cost run(ChatPipeline pipeline, String name, Contender client, ChatLoad load) {
    Supplier<Map<String, Double>> now =
        () -> {
          Map<String, Double> all = new LinkedHashMap<>(pipeline.cpuSeconds());
          all.put(name, client.cpuSeconds());
          return all;
        };
    Map<String, Double> before = now.get();
    ChatTally tally = ChatClient.run(client, load);
    Map<String, Double> perThousand = new LinkedHashMap<>();
    now.get()
        .forEach((process, seconds) ->
            perThousand.put(
                process, (seconds - before.getOrDefault(process, 0.0)) * 1e3 / tally.pieces()));
    return new Cost(tally, perThousand);
  }

  private void cancellations(Report report, ChatPipeline pipeline, Contender ours, Contender bare)
      throws InterruptedException {
    Samples direct = aborts(pipeline, bare);
    Samples idle = aborts(pipeline, ours);
    report
        .row("bare OkHttp: cancel until the provider sees it, p50; p99, ms", both(direct))
        .row("idle pipeline: the same, p50; p99, ms; bar: 100", both(idle));
    try (Contender bulk =
        ChatClient.start(
            "bulk client", ChatClient.Way.BULK, pipeline.bootstrap(), ChatPipeline.MODEL, "")) {
      Report.progress("bulk load beside it");
      CompletableFuture<Samples> aborted = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            try {
              aborted.complete(aborts(pipeline, ours));
            } catch (RuntimeException | InterruptedException e) {
              aborted.completeExceptionally(e);
            }
          });
      long answered = 0;
      double seconds = 0;
      while (!aborted.isDone()) {
        ChatTally tally =
            ChatClient.run(bulk, ChatLoad.whole(2_000, BULK_CONCURRENCY, Plan.counting(20, 0)));
        answered += tally.whole();
        seconds += tally.seconds();
        flawless &= tally.isFlawless();
      }
      report.row(
          "beside %d bulk requests at once, %s answered a second: the same"
              .formatted(BULK_CONCURRENCY, Report.number(answered / seconds)),
          both(aborted.join()));
    }
  }

  private static String both(Samples samples) {
    return "%s; %s"
        .formatted(Report.number(samples.median()), Report.number(samples.quantile(0.99)));
  }

  /** Milliseconds from cancelling a stream until the provider's connection is closed. */
  private Samples aborts(ChatPipeline pipeline, Contender client) throws InterruptedException {
    pipeline.provider().command("");
    Plan endless = Plan.counting(100_000, 50);
    ChatClient.run(client, ChatLoad.cancelled(Math.min(20, cancels), endless));
    awaitHungUp(pipeline, Math.min(20, cancels));
    ChatTally tally = ChatClient.run(client, ChatLoad.cancelled(cancels, endless));
    Map<Long, Long> hungUp = awaitHungUp(pipeline, cancels);
    flawless &= tally.failed() == 0 && hungUp.size() == cancels;
    return new Samples(
        hungUp.entrySet().stream()
            .mapToDouble(entry ->
                (entry.getValue() - Objects.requireNonNull(tally.cancelledAt().get(entry.getKey())))
                    / 1e6)
            .toArray());
  }

  /** When the provider saw whose connection closed; waits until it has seen so many. */
  private static Map<Long, Long> awaitHungUp(ChatPipeline pipeline, int count)
      throws InterruptedException {
    Map<Long, Long> all = new LinkedHashMap<>();
    long begin = System.nanoTime();
    while (all.size() < count && System.nanoTime() - begin < 30_000_000_000L) {
      Thread.sleep(50);
      JsonNode told = pipeline.provider().command("");
      told.path("hungUp")
          .properties()
          .forEach(entry -> all.put(Long.parseLong(entry.getKey()), entry.getValue().asLong()));
    }
    return all;
  }
}
