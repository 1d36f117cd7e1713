package io.ratatoskr.launcher.ask;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.allinone.PipelineFolder;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.ModelsOptions;
import io.ratatoskr.retrieval.CorpusIndex;
import io.ratatoskr.retrieval.Judging;
import io.ratatoskr.retrieval.Query;
import io.ratatoskr.retrieval.Retrieval;
import io.ratatoskr.retrieval.RetrievalConfig;
import io.ratatoskr.retrieval.RetrievalJson;
import io.ratatoskr.retrieval.TwoStageRetrieval;
import io.ratatoskr.schemas.Lane;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Answers one query from a corpus. */
@Command(
    name = "search",
    description = {
      "Answer one QUERY from a corpus: a table on a terminal, one JSON object elsewhere.",
      "",
      "Without --bootstrap a broker, the router and the workers run in this process meanwhile.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class SearchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "QUERY",
      description =
          "What is looked for. A claim, written as a sentence, is also judged by NLI: whether it "
              + "follows from each text.")
  private String query = "";

  @Option(names = "--json", description = "Print JSON on a terminal too.")
  private boolean json;

  @Mixin private RetrievalOptions retrieval = new RetrievalOptions();

  @Mixin private PipelineOptions pipeline = new PipelineOptions();

  @Mixin private ModelsOptions models = new ModelsOptions();

  @Override
  public Integer call() throws InterruptedException, IOException {
    Configuration configuration = pipeline.configuration(models);
    PrintWriter err = spec.commandLine().getErr();
    Query asked = new Query("search", query);
    Path folder = pipeline.bootstrap() == null ? PipelineFolder.temporary() : null;
    try (CorpusIndex index = retrieval.openIndex(err)) {
      RetrievalConfig wanted =
          retrieval.config(
              index,
              pipeline.label(
                  RequestOptions.defaults()
                      .withLane(Lane.INTERACTIVE)
                      .withTimeout(Duration.ofMinutes(1))));
      // Then no NLI model has to be loaded.
      RetrievalConfig config =
          wanted.judging().judges(asked) ? wanted : wanted.withJudging(Judging.NEVER);
      try (Ratatoskr ratatoskr =
              pipeline.open(
                  folder,
                  retrieval.models(index, config.judging()),
                  Lane.INTERACTIVE,
                  configuration);
          TwoStageRetrieval stages =
              Futures.await(TwoStageRetrieval.open(ratatoskr, index, config))) {
        print(Futures.await(stages.retrieve(asked)));
        return ExitCode.WHOLE;
      }
    }
  }

  private void print(Retrieval found) {
    PrintWriter out = spec.commandLine().getOut();
    if (json || !Terminal.outIsTerminal()) {
      out.println(new String(new RetrievalJson(true).bytes(found), StandardCharsets.UTF_8));
    } else {
      SearchTable.lines(found, Terminal.columns()).forEach(out::println);
    }
    out.flush();
  }
}
