package io.ratatoskr.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "nli",
    description =
        "Pairs a second through Kafka in bulk, beside the same model called pair by pair, the"
            + " batcher without Kafka, and a bare loop at its best.",
    mixinStandardHelpOptions = true)
final class NliCommand implements Runnable {
  @Option(names = "--pairs", description = "How many. Default: ${DEFAULT-VALUE}")
  private int count = 4_000;

  @Option(names = "--rounds", description = "Default: ${DEFAULT-VALUE}")
  private int rounds = 5;

  @Option(
      names = "--budgets",
      split = ",",
      description = "Tokens a batch that the bare loop tries. Default: ${DEFAULT-VALUE}")
  private List<Integer> budgets = List.of(1, 128, 256, 512, 1024);

  /** A bare loop. Threads of 0 are the runtime's own choice. */
  private record Loop(int callers, int threads, int budget) {
    @Override
    public String toString() {
      return "%d × %d, %d tokens".formatted(callers, threads, budget);
    }
  }

  @Override
  public void run() {
    String model = "nli-minilm-l6";
    Path pairs = Pairs.make(count);
    int size = Corpus.lines(pairs, count).size();
    Loop best = best(pairs, size);
    Report report =
        new Report(
            "NLI, %s, %d pairs of mixed length".formatted(model, size),
            "nli --pairs %d --rounds %d --budgets %s"
                .formatted(
                    size, rounds, String.join(",", budgets.stream().map(b -> "" + b).toList())),
            "contender",
            "pairs/s: median (range)",
            "pipeline ÷ it",
            "largest difference in probability",
            "ready after, s",
            "most memory, MiB",
            "settings");
    String[] shared = {"--model", model, "--texts", pairs.toString(), "--count", "" + size};
    try (Contest contest = new Contest()) {
      contest
          .enter("pipeline", Contender.asTheScript(with("nli-pipeline", shared)))
          .enter("batcher without Kafka", Contender.bench(with("nli-batcher", shared)))
          .enter("pair by pair", bare(new Loop(1, 0, 1), pairs, size))
          .enter("bare loop at its best", bare(best, pairs, size))
          .run(rounds, size);
      Contender ours = contest.contenders().getFirst();
      for (Contender contender : contest.contenders()) {
        boolean own = contender == ours;
        report.row(
            contender.name(),
            contest.rate(contender),
            own ? "" : contest.ratio(ours, contender),
            own
                ? ""
                : String.format(Locale.ROOT, "%.4f", contest.largestDifference(ours, contender)),
            Report.number(contender.loadSeconds()),
            contender.mostMemoryMiB(),
            contender.settings());
      }
    }
    report
        .note(
            "Each round runs all contenders once, in turn, on its own share of the pairs (%d of %d);"
                    .formatted(size / rounds, size)
                + " ratios are taken within a round.")
        .note("Start-up, model loading and a warm-up run are in none of the rates.")
        .note(
            "Pair by pair: one thread calls, one pair at a time, with the runtime's own number of"
                + " threads, as in-process libraries do.")
        .note("The bare loop's best (callers × threads, tokens a batch): %s.".formatted(best))
        .note("Memory: the largest resident set of the process, model and heap together.")
        .print();
  }

  /** The fastest of one run each. */
  private Loop best(Path pairs, int size) {
    int cores = Runtime.getRuntime().availableProcessors();
    List<Loop> loops = new ArrayList<>();
    for (int budget : budgets) {
      loops.add(new Loop(cores, 1, budget));
      if (cores > 1) {
        loops.add(new Loop(1, cores, budget));
      }
    }
    record Tried(Loop loop, double rate) {}
    List<Tried> tried = new ArrayList<>();
    for (Loop loop : loops) {
      try (Contender contender = Contender.start("bare " + loop, bare(loop, pairs, size))) {
        contender.run(Slice.WHOLE);
        double rate = contender.run(Slice.WHOLE);
        Report.progress("bare loop %s: %s pairs/s".formatted(loop, Report.number(rate)));
        tried.add(new Tried(loop, rate));
      }
    }
    return tried.stream().max(Comparator.comparingDouble(Tried::rate)).orElseThrow().loop();
  }

  private static Contender.Start bare(Loop loop, Path pairs, int size) {
    return Contender.bareLoop(
        Home.repository()
            .resolve("model-nli-minilm-l6/src/main/resources/nli-minilm-l6")
            .toString(),
        pairs,
        size,
        loop.callers(),
        loop.threads(),
        loop.budget(),
        Contender.bareOptions(loop.callers()));
  }

  private static String[] with(String contender, String... options) {
    List<String> arguments = new ArrayList<>(List.of("contender", contender));
    arguments.addAll(List.of(options));
    return arguments.toArray(String[]::new);
  }
}
