package io.ratatoskr.bench;

import io.ratatoskr.schemas.Lane;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "first-token",
    description =
        "What an idle pipeline adds to the time to the first token of a direct call, beside a bare"
            + " Kafka echo; and how near it comes to a slow provider's own throughput.",
    mixinStandardHelpOptions = true)
final class FirstTokenCommand implements Callable<Integer> {
  private static final String EMBEDDING_MODEL = "all-minilm-l6-v2";
  private static final int REPLY_DIMENSIONS = 64;

  @Option(names = "--rounds", description = "Default: ${DEFAULT-VALUE}")
  private int rounds = 5;

  @Option(names = "--requests", description = "Of each kind in a round. Default: ${DEFAULT-VALUE}")
  private int requests = 150;

  @Option(
      names = "--warm-up",
      description = "Requests of each kind before the first round. Default: ${DEFAULT-VALUE}")
  private int warmUp = 5_000;

  @Option(
      names = "--latency",
      description = "Of the provider where throughput is measured, ms. Default: ${DEFAULT-VALUE}")
  private int latency = 200;

  @Option(
      names = "--concurrency",
      description = "Requests at once where throughput is measured. Default: ${DEFAULT-VALUE}")
  private int concurrency = 500;

  @Option(
      names = "--seconds",
      description = "Of each throughput, at the ideal rate. Default: ${DEFAULT-VALUE}")
  private int seconds = 5;

  private boolean flawless = true;

  @FunctionalInterface
  private interface Trip {
    /** Milliseconds. */
    double go(int number) throws Exception;
  }

  @Override
  public Integer call() throws Exception {
    Report report =
        new Report(
            "The first token, and a slow provider's throughput",
            "first-token --rounds %d --requests %d --warm-up %d --latency %d --concurrency %d --seconds %d"
                .formatted(rounds, requests, warmUp, latency, concurrency, seconds),
            "what",
            "p50, ms: median of rounds (range)",
            "p99, ms");
    Path folder = Files.createTempDirectory(Home.bench("target"), "chat-");
    try (Contender provider = ChatPipeline.startProvider();
        UpProcess up =
            UpProcess.start(
                EMBEDDING_MODEL,
                "--config=" + ChatPipeline.configure(folder, provider, 4 * concurrency));
        ChatCaller direct =
            new HttpChatCaller(provider.setting("url"), ChatPipeline.MODEL, "", false);
        ChatCaller ours =
            new KafkaChatCaller(up.bootstrap(), ChatPipeline.MODEL, Lane.INTERACTIVE);
        Contender server = Echo.startServer(up.bootstrap(), REPLY_DIMENSIONS);
        Echo echo = new Echo(up.bootstrap())) {
      // The second piece comes later, since an answer that ends hurries its first one.
      Plan plan = Plan.counting(2, 20);
      byte[] bytes = plan.words().getBytes(StandardCharsets.UTF_8);
      Trip hops = i -> (echo.roundTrip(bytes) + echo.roundTrip(bytes)) / 1e6;
      Plan quick = Plan.counting(2, 0);
      inTurn(
          warmUp,
          hops,
          i -> first(direct.streamed(quick.as(i))),
          i -> first(ours.streamed(quick.as(i))));
      Report.progress("warm");
      compare(
          report,
          server.name(),
          hops,
          i -> first(direct.streamed(plan.as(i))),
          i -> first(ours.streamed(plan.as(i))));
      throughput(report, provider, up, echo);
    } finally {
      Home.delete(folder);
    }
    report
        .note(
            "One at a time, one of each kind in turn: broker, router and worker in `./ratatoskr"
                + " up`, provider and the echo's other end in a process each, all callers in one"
                + " more. A first token takes three hops of a record, and the worker's claim two"
                + " round trips to the broker before its call; the echo is four hops.")
        .note(
            "Added: each streamed answer's time from the call to its first piece, less the direct"
                + " call's median of the same round.")
        .print();
    return flawless ? 0 : 1;
  }

  private double first(ChatTally.One one) {
    flawless &= one.whole();
    return one.firstMillis();
  }

  private void compare(Report report, String name, Trip hops, Trip direct, Trip ours)
      throws Exception {
    double[][] p50 = new double[3][rounds];
    double[][] p99 = new double[3][rounds];
    double[] added = new double[rounds];
    double[] addedAtMost = new double[rounds];
    double[] ratio = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      Samples[] all = inTurn(requests, hops, direct, ours);
      for (int i = 0; i < all.length; i++) {
        p50[i][round] = all[i].median();
        p99[i][round] = all[i].quantile(0.99);
      }
      added[round] = p50[2][round] - p50[1][round];
      addedAtMost[round] = p99[2][round] - p50[1][round];
      ratio[round] = added[round] / p50[0][round];
      Report.progress(
          "round %d of %d: four hops %s ms, direct %s ms, pipeline %s ms"
              .formatted(
                  round + 1,
                  rounds,
                  Report.number(p50[0][round]),
                  Report.number(p50[1][round]),
                  Report.number(p50[2][round])));
    }
    report
        .row(name + ": four hops, nothing in them", new Samples(p50[0]), new Samples(p99[0]))
        .row("direct call: until the first piece", new Samples(p50[1]), new Samples(p99[1]))
        .row("through the pipeline", new Samples(p50[2]), new Samples(p99[2]))
        .row("added; bars: 8 and 40", new Samples(added), new Samples(addedAtMost))
        .row("added ÷ four hops, by rounds", new Samples(ratio), "");
  }

  private Samples[] inTurn(int times, Trip... trips) throws Exception {
    double[][] millis = new double[trips.length][times];
    for (int i = 0; i < times; i++) {
      for (int trip = 0; trip < trips.length; trip++) {
        millis[trip][i] = trips[trip].go(i);
      }
    }
    return Arrays.stream(millis).map(Samples::new).toArray(Samples[]::new);
  }

  private void throughput(Report report, Contender provider, UpProcess up, Echo echo)
      throws Exception {
    double ideal = concurrency * 1e3 / latency;
    int count = (int) (ideal * seconds);
    ChatLoad load = ChatLoad.whole(count, concurrency, Plan.counting(20, 0).after(latency));
    ChatLoad warm = ChatLoad.whole(count / 2, concurrency, Plan.counting(20, 0).after(latency));
    String where = "%d at once at a provider that takes %d ms".formatted(concurrency, latency);
    try (Contender direct =
            ChatClient.start(
                "direct client",
                ChatClient.Way.HTTP,
                provider.setting("url"),
                ChatPipeline.MODEL,
                "");
        Contender ours =
            ChatClient.start(
                "client", ChatClient.Way.KAFKA, up.bootstrap(), ChatPipeline.MODEL, "")) {
      ChatClient.run(direct, warm);
      share(report, where + ": bare OkHttp", ChatClient.run(direct, load).rate(), ideal);
      hops(echo, count / 2);
      share(report, where + ": four bare hops and the pause", hops(echo, count), ideal);
      ChatClient.run(ours, warm);
      double before = up.cpuSeconds();
      ChatTally tally = ChatClient.run(ours, load);
      flawless &= tally.isFlawless();
      share(report, where + ": through the pipeline; bar: 0.9", tally.rate(), ideal);
      double floor = floor(provider, up, load, warm);
      share(report, where + ": four bare hops, with the calls, no code of ours", floor, ideal);
      report.row("pipeline ÷ that floor", Report.number(tally.rate() / floor), "");
      report.note(
          "Throughput: answers in one piece; %s. Processor time of `up` for a request: %s ms."
              .formatted(
                  tally.flaws(), Report.number((up.cpuSeconds() - before) * 1e3 / tally.whole())));
    }
  }

  /** Answers a second through the same broker, by loops in place of router and worker. */
  private double floor(Contender provider, UpProcess up, ChatLoad load, ChatLoad warm)
      throws Exception {
    try (Contender _ = BareChat.start(up.bootstrap(), provider.setting("url"));
        Contender client =
            ChatClient.start(
                "bare client", ChatClient.Way.LOOP, up.bootstrap(), ChatPipeline.MODEL, "")) {
      ChatClient.run(client, warm);
      ChatTally tally = ChatClient.run(client, load);
      flawless &= tally.isFlawless();
      return tally.rate();
    }
  }

  private static void share(Report report, String what, double rate, double ideal) {
    Report.progress(what + ": " + Report.number(rate) + "/s");
    report.row(
        what, "%s/s, %s of ideal".formatted(Report.number(rate), Report.number(rate / ideal)), "");
  }

  /** Round trips a second, each two hops, the provider's time, and two hops. */
  private double hops(Echo echo, int count) throws InterruptedException {
    byte[] bytes = Plan.counting(20, 0).words().getBytes(StandardCharsets.UTF_8);
    Semaphore places = new Semaphore(concurrency);
    Queue<Long> done = new ConcurrentLinkedQueue<>();
    long begin = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        places.acquire();
        threads.execute(() -> {
          try {
            long there = echo.roundTrip(bytes);
            Thread.sleep(latency);
            done.add(there + echo.roundTrip(bytes));
          } catch (Exception e) {
            Report.progress("a round trip failed: " + e);
          } finally {
            places.release();
          }
        });
      }
    }
    flawless &= done.size() == count;
    return done.size() / ((System.nanoTime() - begin) / 1e9);
  }
}
