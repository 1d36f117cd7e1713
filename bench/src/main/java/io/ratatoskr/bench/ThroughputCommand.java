package io.ratatoskr.bench;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "throughput",
    description = "Texts a second from file to file through Kafka, beside the peers and the floor.",
    mixinStandardHelpOptions = true)
final class ThroughputCommand implements Runnable {
  @Option(names = "--model", description = "Default: ${DEFAULT-VALUE}")
  private String model = "all-minilm-l6-v2";

  @Option(
      names = "--texts",
      description = "How many in all; each round takes its share. Default: ${DEFAULT-VALUE}")
  private int count = 10_000;

  @Option(names = "--rounds", description = "Default: ${DEFAULT-VALUE}")
  private int rounds = 5;

  @Option(
      names = "--without-pipeline",
      description = "Only the batcher without Kafka, and the peers.")
  private boolean withoutPipeline;

  @Option(
      names = "--max-tokens",
      description =
          "128: beside LangChain4j, which cuts there. 256: beside sentence-transformers."
              + " Default: ${DEFAULT-VALUE}")
  private int maxTokens = 128;

  @Option(
      names = "--bare-budget",
      description =
          "Tokens a batch of the bare loop; `floor` tells which is best. Default: ${DEFAULT-VALUE}")
  private int bareBudget = 512;

  @Override
  public void run() {
    Path texts = Home.bench(maxTokens <= 128 ? Corpus.UP_TO_128 : Corpus.UP_TO_256);
    int size = Corpus.lines(texts, count).size();
    String arguments =
        "throughput --model %s --texts %d --max-tokens %d --rounds %d --bare-budget %d"
            .formatted(model, size, maxTokens, rounds, bareBudget);
    Report report =
        new Report(
            "Throughput, %s, %d texts of at most %d tokens".formatted(model, size, maxTokens),
            arguments + (withoutPipeline ? " --without-pipeline" : ""),
            "contender",
            "texts/s: median (range)",
            "%s ÷ it".formatted(withoutPipeline ? "batcher" : "pipeline"),
            "lowest cosine",
            "start-up, s",
            "versions",
            "settings");
    try (Contest contest = new Contest()) {
      String[] shared = {"--model", model, "--texts", texts.toString(), "--count", "" + size};
      if (!withoutPipeline) {
        contest.enter("pipeline", Contender.asTheScript(with("pipeline", shared)));
      }
      contest.enter("batcher without Kafka", Contender.bench(with("batcher", shared)));
      contest.enter("bare loop", bare(texts, size));
      if (maxTokens <= 128) {
        contest
            .enter("LangChain4j", peer("lib", texts, size))
            .enter("LangChain4j, our ONNX Runtime", peer("lib-same", texts, size));
      }
      Optional<Contender.Start> python = Contender.sentenceTransformers(texts, size);
      python.ifPresent(command -> contest.enter("sentence-transformers (fp32)", command));
      contest.run(rounds, size);
      Contender ours = contest.contenders().getFirst();
      for (Contender contender : contest.contenders()) {
        report.row(
            contender.name(),
            contest.rate(contender),
            contender == ours ? "" : contest.ratio(ours, contender),
            contender == ours
                ? ""
                : String.format(Locale.ROOT, "%.6f", contest.lowestCosine(ours, contender)),
            Report.number(contender.loadSeconds()),
            contender.versions(),
            contender.settings());
      }
    }
    report
        .note(
            "Each round runs all contenders once, in turn, on its own share of the texts (%d of %d);"
                    .formatted(size / rounds, size)
                + " ratios are taken within a round.")
        .note("Start-up, model loading and a warm-up run are in none of the rates.")
        .note(
            "The pipeline's rate is from file to file: first request to last reply, reading and"
                + " writing included.")
        .print();
  }

  private String[] with(String contender, String... options) {
    return java.util.stream.Stream.concat(
            java.util.stream.Stream.of("contender", contender), java.util.Arrays.stream(options))
        .toArray(String[]::new);
  }

  /** What no pipeline over this runtime can pass. */
  private Contender.Start bare(Path texts, int size) {
    int callers = Runtime.getRuntime().availableProcessors();
    String options = Contender.bareOptions(callers);
    return Contender.bareLoop(model, texts, size, callers, 1, bareBudget, options);
  }

  private Contender.Start peer(String lib, Path texts, int size) {
    return Contender.peer(lib, "LangChain4j", model, texts.toString(), "" + size);
  }
}
