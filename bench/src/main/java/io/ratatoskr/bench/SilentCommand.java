package io.ratatoskr.bench;

import io.ratatoskr.schemas.Lane;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "silent",
    description =
        "What requests at a provider take while another provider of the same pipeline answers"
            + " nothing, beside what they take alone.",
    mixinStandardHelpOptions = true)
final class SilentCommand implements Callable<Integer> {
  private static final String SILENT_MODEL = "silent";
  private static final int CALLS = 256;

  @Option(
      names = "--latency",
      description = "Milliseconds of the provider that answers. Default: ${DEFAULT-VALUE}")
  private int latency = 20;

  @Option(
      names = "--requests",
      description = "At that provider, in a measurement. Default: ${DEFAULT-VALUE}")
  private int requests = 2_000;

  @Option(names = "--concurrency", description = "Of them at once. Default: ${DEFAULT-VALUE}")
  private int concurrency = 8;

  @Option(
      names = "--silent",
      description = "Requests at the silent provider meanwhile. Default: ${DEFAULT-VALUE}")
  private int silent = 500;

  @Option(
      names = "--rounds",
      description = "After one that is not counted. Default: ${DEFAULT-VALUE}")
  private int rounds = 5;

  private boolean flawless = true;

  @Override
  public Integer call() throws Exception {
    Report report =
        new Report(
            "A provider that answers nothing",
            "silent --latency %d --requests %d --concurrency %d --silent %d --rounds %d"
                .formatted(latency, requests, concurrency, silent, rounds),
            "requests at the other provider",
            "p50, ms: median of rounds (range)",
            "p99, ms");
    try (ChatPipeline pipeline =
            ChatPipeline.start(CALLS, List.of(ChatPipeline.MODEL, SILENT_MODEL));
        ChatCaller others =
            new KafkaChatCaller(pipeline.bootstrap(), ChatPipeline.MODEL, Lane.INTERACTIVE);
        Contender callers =
            ChatClient.start(
                "silent client", ChatClient.Way.KAFKA, pipeline.bootstrap(), SILENT_MODEL, "")) {
      Samples[] alone = new Samples[rounds];
      Samples[] beside = new Samples[rounds];
      for (int round = -1; round < rounds; round++) {
        Samples quiet = ask(others);
        Samples loud = besideTheSilent(others, callers, quiet);
        Report.progress(
            "round %d of %d: p99 alone %s ms, beside %s ms"
                .formatted(
                    round + 1,
                    rounds,
                    Report.number(quiet.quantile(0.99)),
                    Report.number(loud.quantile(0.99))));
        if (round >= 0) {
          alone[round] = quiet;
          beside[round] = loud;
        }
      }
      report
          .row("alone", each(alone, 0.5), each(alone, 0.99))
          .row(
              "beside %d at the silent one".formatted(silent),
              each(beside, 0.5),
              each(beside, 0.99))
          .row(
              "÷ alone, by rounds; bar of p99: 1.2",
              ratio(beside, alone, 0.5),
              ratio(beside, alone, 0.99));
    }
    report
        .note(
            "One gateway has both providers, each with %d calls at once; the stub plays both. Broker,"
                    .formatted(CALLS)
                + " router, gateway, stub and the silent one's client are a process each. %d at once"
                    .formatted(concurrency)
                + " at a provider that takes %d ms, in one piece. The silent one's requests are sent"
                    .formatted(latency)
                + " before and not answered until the measurement is over.")
        .print();
    return flawless ? 0 : 1;
  }

  private static Samples each(Samples[] rounds, double share) {
    return new Samples(Arrays.stream(rounds).mapToDouble(each -> each.quantile(share)).toArray());
  }

  private static Samples ratio(Samples[] beside, Samples[] alone, double share) {
    double[] ratios = new double[alone.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = beside[i].quantile(share) / alone[i].quantile(share);
    }
    return new Samples(ratios);
  }

  /** What the requests of a measurement take, in milliseconds. */
  private Samples ask(ChatCaller others) throws InterruptedException {
    ChatTally tally =
        ChatClient.run(
            others, ChatLoad.whole(requests, concurrency, Plan.counting(20, 0).after(latency)));
    flawless &= tally.isFlawless();
    return new Samples(tally.allMillis());
  }

  /** The same while nobody answers the others, for twice as long as it should take and more. */
  private Samples besideTheSilent(ChatCaller others, Contender callers, Samples alone)
      throws InterruptedException {
    double expected = alone.median() * requests / concurrency;
    int unanswered = (int) (2 * expected) + 5_000;
    CompletableFuture<JsonNode> nobody =
        CompletableFuture.supplyAsync(() ->
            callers.command(
                ChatLoad.whole(silent, silent, Plan.counting(1, 0).after(unanswered)).line()));
    Thread.sleep(2_000); // until all of them are under way
    Samples samples = ask(others);
    if (nobody.isDone()) {
      throw new IllegalStateException("the silent provider answered before the others were done");
    }
    nobody.join();
    return samples;
  }
}
