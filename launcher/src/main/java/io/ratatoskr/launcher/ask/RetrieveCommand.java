package io.ratatoskr.launcher.ask;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.allinone.PipelineFolder;
import io.ratatoskr.bulk.BulkJob;
import io.ratatoskr.bulk.CancelSignal;
import io.ratatoskr.bulk.JobLimits;
import io.ratatoskr.bulk.JobResult;
import io.ratatoskr.bulk.LineJob;
import io.ratatoskr.bulk.LineStream;
import io.ratatoskr.bulk.OnExisting;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.formats.LineInput;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.Interruption;
import io.ratatoskr.launcher.command.ModelsOptions;
import io.ratatoskr.retrieval.CorpusIndex;
import io.ratatoskr.retrieval.Query;
import io.ratatoskr.retrieval.RetrievalConfig;
import io.ratatoskr.retrieval.RetrievalJson;
import io.ratatoskr.retrieval.TrecRun;
import io.ratatoskr.retrieval.TwoStageRetrieval;
import io.ratatoskr.schemas.Lane;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Answers a file of queries from a corpus. */
@Command(
    name = "retrieve",
    description = {
      "Answer a file of queries from a corpus: the nearest texts, those of claims ranked by NLI.",
      "",
      "Without --bootstrap a broker, the router and the workers run in this process; their data "
          + "stand in OUTPUT.pipeline and are removed when the output is whole.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class RetrieveCommand implements Callable<Integer> {
  /** After a signal, as long as this for what was answered to be flushed. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--queries",
      required = true,
      paramLabel = "FILE",
      description = "Queries: .jsonl, .txt or .csv, each also with .gz; - is standard input.")
  private String queries = "";

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description =
          "File to write: .jsonl, one object for each query. Queries that fail go to "
              + "FILE.errors.jsonl. - streams to standard output, and error lines to standard "
              + "error; nothing is kept.")
  private Path output = Path.of("");

  @Option(
      names = "--trec",
      paramLabel = "FILE",
      description = "Also write a run file as trec_eval reads it.")
  private @Nullable Path trec;

  @Option(names = "--with-text", description = "Hits carry their texts.")
  private boolean withText;

  @Mixin private RetrievalOptions retrieval = new RetrievalOptions();

  @ArgGroup(exclusive = true, multiplicity = "0..1")
  private LineCommand.@Nullable Existing existing;

  @Option(
      names = "--text-field",
      paramLabel = "NAME",
      defaultValue = "text",
      description = "Field of --queries with the query. Default: ${DEFAULT-VALUE}")
  private String textField = "";

  @Option(
      names = "--id-field",
      paramLabel = "NAME",
      defaultValue = "id",
      description = "Field of --queries with the id. Default: ${DEFAULT-VALUE}")
  private String idField = "";

  @Option(
      names = "--inflight-queries",
      paramLabel = "N",
      defaultValue = "64",
      description = "Queries under way at once. Default: ${DEFAULT-VALUE}")
  private int inFlight;

  @Mixin private PipelineOptions pipeline = new PipelineOptions();

  @Mixin private ModelsOptions models = new ModelsOptions();

  @Override
  public Integer call() throws InterruptedException, IOException {
    Configuration configuration = pipeline.configuration(models);
    CancelSignal cancel = new CancelSignal();
    if (output.toString().equals("-")) {
      return stream(configuration, cancel);
    }
    try (LineJob job = job();
        Interruption _ = Interruption.of(cancel::cancel, LAST_WORDS)) {
      if (job.alreadyWhole()) {
        PipelineFolder.deleteQuietly(PipelineFolder.of(output));
        writeRun();
        err().println(output + " is whole already; nothing to do.");
        return ExitCode.WHOLE;
      }
      try (CorpusIndex index = retrieval.openIndex(err())) {
        return withPipeline(job, index, configuration, cancel);
      }
    }
  }

  private int stream(Configuration configuration, CancelSignal cancel)
      throws InterruptedException, IOException {
    if (existing != null || trec != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--resume, --overwrite and --trec: what goes to standard output is kept nowhere; name a "
              + "file as --output");
    }
    Path folder = pipeline.bootstrap() == null ? PipelineFolder.temporary() : null;
    try (LineStream job = LineStream.open(source(), limits(), BulkJob.Surroundings.system());
        Interruption _ = Interruption.of(cancel::cancel, LAST_WORDS);
        CorpusIndex index = retrieval.openIndex(new PrintWriter(Writer.nullWriter()));
        Ratatoskr ratatoskr =
            pipeline.open(
                folder, retrieval.models(index, retrieval.judging()), Lane.BULK, configuration);
        TwoStageRetrieval stages =
            Futures.await(TwoStageRetrieval.open(ratatoskr, index, config(index)))) {
      LowDisk lowDisk = LowDisk.watch(ratatoskr, cancel);
      LineJob.Answerer answerer = answerer(stages, new RetrieveReport(stages.times()));
      // Not System.out, which swallows failures: a reader that has gone ends the job.
      OutputStream rows = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
      return lowDisk.exitCode(
          job.run(answerer, rows, System.err, cancel), spec.commandLine().getCommandName(), err());
    }
  }

  private LineInput source() {
    return LineInput.of(queries, List.of(textField)).withIdField(idField);
  }

  private JobLimits limits() {
    return JobLimits.defaults().withInFlight(inFlight);
  }

  private RetrievalConfig config(CorpusIndex index) {
    return retrieval
        .config(
            index,
            pipeline.label(
                RequestOptions.defaults().withLane(Lane.BULK).withTimeout(Duration.ofHours(1))))
        .withInFlight(inFlight, inFlight);
  }

  private LineJob.Answerer answerer(TwoStageRetrieval stages, RetrieveReport report) {
    RetrievalJson json = new RetrievalJson(withText);
    return question ->
        stages
            .retrieve(new Query(question.id(), question.text()))
            .thenApply(found -> {
              report.count(found);
              return json.bytes(found, question.number());
            });
  }

  private LineJob job() {
    Map<String, String> identity = new LinkedHashMap<>(retrieval.identity());
    identity.put("with-text", Boolean.toString(withText));
    return LineJob.open(
        source(),
        "queries",
        output,
        existing == null ? OnExisting.REFUSE : existing.choice(),
        limits(),
        identity,
        BulkJob.Surroundings.system());
  }

  private int withPipeline(
      LineJob job, CorpusIndex index, Configuration configuration, CancelSignal cancel)
      throws InterruptedException, IOException {
    Path folder = pipeline.folderBeside(output.toAbsolutePath(), err());
    try (Ratatoskr ratatoskr =
            pipeline.open(
                folder, retrieval.models(index, retrieval.judging()), Lane.BULK, configuration);
        TwoStageRetrieval stages =
            Futures.await(TwoStageRetrieval.open(ratatoskr, index, config(index)))) {
      return run(job, ratatoskr, stages, cancel);
    } finally {
      // What the job needs to go on stands in its own folder.
      PipelineFolder.deleteQuietly(folder);
    }
  }

  private int run(LineJob job, Ratatoskr ratatoskr, TwoStageRetrieval stages, CancelSignal cancel) {
    LowDisk lowDisk = LowDisk.watch(ratatoskr, cancel);
    RetrieveReport report = new RetrieveReport(stages.times());
    LineJob.Answerer answerer = answerer(stages, report);
    JobResult result = Terminal.withProgress(printer -> job.run(answerer, printer, cancel));
    report.lines().forEach(err()::println);
    if (result instanceof JobResult.Whole || result instanceof JobResult.WithErrorLines) {
      writeRun();
    }
    return lowDisk.exitCode(result, spec.commandLine().getCommandName(), err());
  }

  private void writeRun() {
    if (trec != null) {
      TrecRun.write(output, trec);
      err().println("Run file " + trec);
    }
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
