package io.ratatoskr.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "litellm",
    description =
        "./ratatoskr up beside LiteLLM's proxy, before the same provider: requests a second,"
            + " processor time of a chunk, time to the first token. Needs"
            + " bench/peers/litellm/setup.",
    mixinStandardHelpOptions = true)
final class LiteLlmCommand implements Callable<Integer> {
  private static final String EMBEDDING_MODEL = "all-minilm-l6-v2";
  private static final int TOKENS = 200;
  private static final int PACED_RATE = 10;

  @Option(names = "--rounds", description = "Default: ${DEFAULT-VALUE}")
  private int rounds = 3;

  @Option(names = "--seconds", description = "Of each run, about. Default: ${DEFAULT-VALUE}")
  private int seconds = 8;

  @Option(names = "--concurrency", description = "Requests at once. Default: ${DEFAULT-VALUE}")
  private int concurrency = 64;

  @Option(
      names = "--paced",
      description = "Streams at once at ten tokens a second. Default: ${DEFAULT-VALUE}")
  private int paced = 50;

  private boolean flawless = true;

  /** One of the two: its client's process, and what its processes have taken. */
  private record Side(String name, Contender client, DoubleSupplier cpuSeconds) {}

  /** A run and the processor seconds that it took. */
  private record Cost(ChatTally tally, double cpuSeconds) {
    double perThousandMillis() {
      return cpuSeconds * 1e6 / tally.pieces();
    }

    double perRequestMillis() {
      return cpuSeconds * 1e3 / tally.whole();
    }
  }

  @Override
  public Integer call() throws Exception {
    Report report =
        new Report(
            "Beside LiteLLM's proxy",
            "litellm --rounds %d --seconds %d --concurrency %d --paced %d"
                .formatted(rounds, seconds, concurrency, paced),
            "what",
            "Ratatoskr: median of rounds (range)",
            "LiteLLM",
            "Ratatoskr ÷ LiteLLM, by rounds");
    Path folder = Files.createTempDirectory(Home.bench("target"), "chat-");
    try (Contender provider = ChatPipeline.startProvider();
        UpProcess up =
            UpProcess.start(
                EMBEDDING_MODEL,
                "--config=" + ChatPipeline.configure(folder, provider, 4 * concurrency));
        LiteLlmProxy proxy =
            LiteLlmProxy.start(folder, provider.setting("url"), ChatPipeline.MODEL);
        Contender ours =
            ChatClient.start(
                "client", ChatClient.Way.KAFKA, up.bootstrap(), ChatPipeline.MODEL, "");
        Contender theirs =
            ChatClient.start(
                "client of LiteLLM",
                ChatClient.Way.HTTP,
                proxy.url(),
                ChatPipeline.MODEL,
                proxy.key())) {
      Side us = new Side("Ratatoskr", ours, () -> up.cpuSeconds() + ours.cpuSeconds());
      Side them = new Side("LiteLLM", theirs, () -> proxy.cpuSeconds() + theirs.cpuSeconds());
      compare(report, us, them);
      report
          .note(
              "LiteLLM %s: %s. Its client is OkHttp. Ours is the client library, and broker, router"
                      .formatted(LiteLlmProxy.version(), LiteLlmProxy.SETTINGS)
                  + " and worker in `./ratatoskr up`. Ours is durable on top: each request and each"
                  + " answer is a record on disk before anybody sees it, and is answered whatever"
                  + " is killed; LiteLLM's are gone with its process.")
          .note(
              "The same provider for both, in turn; times count from the client's call to its last"
                  + " event. Processor time is that of all processes of a side, its client's"
                  + " included, the provider's not.");
    } finally {
      Home.delete(folder);
    }
    report.print();
    return flawless ? 0 : 1;
  }

  private void compare(Report report, Side us, Side them) {
    Plan short20 = Plan.counting(20, 0);
    List<Side> sides = List.of(us, them);
    // As many as take some seconds, by what each side does after a warm-up.
    int[] requests = new int[2];
    int[] streams = new int[2];
    for (int i = 0; i < 2; i++) {
      Side side = sides.get(i);
      for (int count : i == 0 ? new int[] {2_000, 6_000, 6_000} : new int[] {100, 400, 400}) {
        requests[i] = sized(run(side, ChatLoad.whole(count, concurrency, short20)));
      }
      for (int count : i == 0 ? new int[] {200, 800, 800} : new int[] {20, 64, 64}) {
        streams[i] = sized(run(side, ChatLoad.streamed(count, concurrency, plan(0))));
      }
      Report.progress(
          "%s is warm: %d requests, %d streams of each run"
              .formatted(side.name(), requests[i], streams[i]));
    }
    both(
        report,
        sides,
        requests,
        short20,
        true,
        new Row(
            "requests a second, %d at once; bar: 5".formatted(concurrency),
            cost -> cost.tally().rate()),
        new Row("CPU ms for a request", Cost::perRequestMillis));
    both(
        report,
        sides,
        streams,
        plan(0),
        false,
        new Row(
            "streams a second of %d tokens, %d at once, as fast as they are taken; bar: 5"
                .formatted(TOKENS, concurrency),
            cost -> cost.tally().rate()),
        new Row("CPU ms for 1,000 chunks of these; bar: 0.2", Cost::perThousandMillis));
    both(
        report,
        sides,
        new int[] {paced, paced},
        Plan.counting(PACED_RATE * seconds, PACED_RATE),
        false,
        new Row(
            "CPU ms for 1,000 chunks, %d streams at %d tokens a second"
                .formatted(paced, PACED_RATE),
            Cost::perThousandMillis));
    idle(report, sides);
  }

  private static Plan plan(int rate) {
    return Plan.counting(TOKENS, rate);
  }

  private int sized(Cost cost) {
    return Math.max(concurrency, (int) (cost.tally().rate() * seconds));
  }

  /** A row of the report. */
  private record Row(String name, ToDoubleFunction<Cost> value) {}

  private void both(
      Report report, List<Side> sides, int[] counts, Plan plan, boolean whole, Row... rows) {
    List<List<Cost>> costs = List.of(new ArrayList<>(), new ArrayList<>());
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < 2; i++) {
        int atOnce = Math.min(counts[i], plan.perSecond() > 0 ? counts[i] : concurrency);
        costs
            .get(i)
            .add(
                run(
                    sides.get(i),
                    whole
                        ? ChatLoad.whole(counts[i], atOnce, plan)
                        : ChatLoad.streamed(counts[i], atOnce, plan)));
      }
    }
    for (Row row : rows) {
      double[][] values = new double[3][rounds];
      for (int round = 0; round < rounds; round++) {
        values[0][round] = row.value().applyAsDouble(costs.get(0).get(round));
        values[1][round] = row.value().applyAsDouble(costs.get(1).get(round));
        values[2][round] = values[0][round] / values[1][round];
      }
      row(report, row.name(), values);
    }
  }

  /** Streams one at a time. */
  private void idle(Report report, List<Side> sides) {
    Plan plan = Plan.counting(2, 20);
    double[][] p50 = new double[3][rounds];
    double[][] p99 = new double[3][rounds];
    for (int round = -1; round < rounds; round++) {
      for (int i = 0; i < 2; i++) {
        ChatTally tally = run(sides.get(i), ChatLoad.streamed(100, 1, plan)).tally();
        if (round >= 0) {
          Samples first = new Samples(tally.firstMillis());
          p50[i][round] = first.median();
          p99[i][round] = first.quantile(0.99);
        }
      }
      if (round >= 0) {
        p50[2][round] = p50[0][round] / p50[1][round];
        p99[2][round] = p99[0][round] / p99[1][round];
      }
    }
    row(report, "one at a time: ms to the first token, p50; bar: 0.5", p50);
    row(report, "the same, p99", p99);
  }

  private static void row(Report report, String name, double[][] values) {
    report.row(name, new Samples(values[0]), new Samples(values[1]), new Samples(values[2]));
    Report.progress(
        "%s: %s, %s"
            .formatted(
                name,
                Report.number(new Samples(values[0]).median()),
                Report.number(new Samples(values[1]).median())));
  }

  private Cost run(Side side, ChatLoad load) {
    double before = side.cpuSeconds().getAsDouble();
    ChatTally tally = ChatClient.run(side.client(), load);
    if (!tally.isFlawless()) {
      flawless = false;
      Report.progress(side.name() + ": " + tally.flaws());
    }
    return new Cost(tally, side.cpuSeconds().getAsDouble() - before);
  }
}
