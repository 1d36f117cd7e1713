package io.ratatoskr.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "floor",
    description =
        "What a bare loop reaches, by callers, threads, batch budget and session options.",
    mixinStandardHelpOptions = true)
final class FloorCommand implements Runnable {
  private static final List<String> OPTIONS =
      List.of(
          "-",
          Contender.NO_SPIN,
          Contender.NO_SPIN + ",opt=extended",
          Contender.NO_SPIN + ",pattern=off",
          Contender.NO_SPIN + ",arena=off",
          Contender.NO_SPIN + ",session.set_denormal_as_zero=1",
          Contender.NO_SPIN + ",session.x64quantprecision=1",
          Contender.NO_SPIN + ",optimization.enable_gelu_approximation=1");

  @Option(names = "--model", description = "Default: ${DEFAULT-VALUE}")
  private String model = "all-minilm-l6-v2";

  @Option(names = "--texts", description = "Of each try. Default: ${DEFAULT-VALUE}")
  private int count = 2_000;

  @Option(names = "--rounds", description = "Runs of each setting. Default: ${DEFAULT-VALUE}")
  private int rounds = 3;

  @Option(names = "--budgets", split = ",", description = "Default: ${DEFAULT-VALUE}")
  private List<Integer> budgets = List.of(128, 256, 384, 512, 1024, 4096);

  private final List<Try> tries = new ArrayList<>();

  private record Try(String loop, int callers, int threads, int budget, String options) {}

  private record Result(Try setting, Samples rate, String versions) {}

  @Override
  public void run() {
    int cores = Runtime.getRuntime().availableProcessors();
    int[][] shapes = cores == 1 ? new int[][] {{1, 1}} : new int[][] {{cores, 1}, {1, cores}};
    for (int[] shape : shapes) {
      for (int budget : budgets) {
        String options = Contender.bareOptions(shape[0]);
        tries.add(new Try("bare", shape[0], shape[1], budget, options));
      }
    }
    Path texts = Home.bench(Corpus.UP_TO_256);
    int size = Corpus.lines(texts, count).size();
    List<Result> results = new ArrayList<>();
    tries.forEach(setting -> results.add(measure(setting, texts, size)));
    Try best = best(results).setting();
    for (String options : OPTIONS) {
      if (!options.equals(best.options())) {
        Try other = new Try("bare", best.callers(), best.threads(), best.budget(), options);
        results.add(measure(other, texts, size));
      }
    }
    for (int budget : budgets) {
      results.add(measure(new Try("onnx module", cores, 1, budget, "its own"), texts, size));
    }
    print(results, size);
  }

  private Result measure(Try setting, Path texts, int size) {
    Contender.Start start =
        setting.loop().equals("bare")
            ? Contender.bareLoop(
                model,
                texts,
                size,
                setting.callers(),
                setting.threads(),
                setting.budget(),
                setting.options())
            : Contender.bench(
                "contender",
                "batcher",
                "--model=" + model,
                "--texts=" + texts,
                "--count=" + size,
                "--callers=" + setting.callers(),
                "--threads=" + setting.threads(),
                "--budget=" + setting.budget());
    try (Contender contender = Contender.start("floor", start)) {
      double[] rates = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        rates[round] = contender.run(Slice.WHOLE);
      }
      Samples rate = new Samples(rates);
      Report.progress("%s: %s texts/s".formatted(setting, rate));
      return new Result(setting, rate, contender.versions());
    }
  }

  private static Result best(List<Result> results) {
    return results.stream()
        .max(Comparator.comparingDouble(result -> result.rate().median()))
        .orElseThrow();
  }

  private void print(List<Result> results, int size) {
    Report report =
        new Report(
            "The floor: a bare loop, %s, %d texts of at most 256 tokens".formatted(model, size),
            "floor --model %s --texts %d --rounds %d --budgets %s"
                .formatted(
                    model,
                    size,
                    rounds,
                    String.join(",", budgets.stream().map(b -> "" + b).toList())),
            "loop",
            "callers",
            "threads",
            "budget, tokens",
            "session options",
            "texts/s: median (range)");
    results.stream()
        .sorted(Comparator.comparingDouble((Result r) -> r.rate().median()).reversed())
        .forEach(result ->
            report.row(
                result.setting().loop(),
                result.setting().callers(),
                result.setting().threads(),
                result.setting().budget(),
                result.setting().options(),
                result.rate()));
    report
        .note("Best: %s with %s texts/s.".formatted(best(results).setting(), best(results).rate()))
        .note(
            "Tokenising, pooling and normalising included, start-up and a warm-up not; %s."
                .formatted(results.getFirst().versions()))
        .print();
  }
}
