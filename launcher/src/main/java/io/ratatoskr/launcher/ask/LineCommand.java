package io.ratatoskr.launcher.ask;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.allinone.PipelineFolder;
import io.ratatoskr.allinone.WorkerKind;
import io.ratatoskr.bulk.BulkJob;
import io.ratatoskr.bulk.CancelSignal;
import io.ratatoskr.bulk.JobConfig;
import io.ratatoskr.bulk.JobKind;
import io.ratatoskr.bulk.JobLimits;
import io.ratatoskr.bulk.JobResult;
import io.ratatoskr.bulk.OnExisting;
import io.ratatoskr.bulk.StreamJob;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.formats.InputFormat;
import io.ratatoskr.formats.LineInput;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.Interruption;
import io.ratatoskr.launcher.command.ModelsOptions;
import io.ratatoskr.onnx.ModelStore;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.Lane;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that asks about one thing on the command line, or about every line of a file. */
abstract class LineCommand implements Callable<Integer>, ItemForm.Known {
  /** Part of each command's description. */
  static final String IN_THIS_PROCESS =
      "Without --bootstrap a broker, the router and a worker run in this process; their data stand "
          + "in OUTPUT.pipeline and are removed when the output is whole.";

  /** End of the description of each command's {@code --model}. */
  static final String OR_ANOTHER_MODEL =
      "a model's folder, named by a path with a /, or what the pipeline at --bootstrap has. "
          + "Default: ${DEFAULT-VALUE}";

  /** Place in the help of options that say what is asked: first. */
  static final int WHAT = -3;

  /** Place in the help of options that say how: next. */
  static final int HOW = -2;

  /** After a signal, as long as this for the journal to be flushed. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description =
          "File to read: .jsonl, .txt (one text a line) or .csv with a header, each also with .gz; "
              + "- is standard input.")
  private @Nullable String input;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "File to write: .parquet or .jsonl. Lines that fail go to FILE.errors.jsonl. - streams"
              + " JSON lines to standard output and error lines to standard error; nothing is"
              + " kept.")
  private @Nullable Path output;

  @ArgGroup(exclusive = true, multiplicity = "0..1")
  private @Nullable Existing existing;

  /** The options for what happens where the output or an unfinished job is there already. */
  static final class Existing {
    @Option(
        names = "--resume",
        description = "Go on with the unfinished job on this output, or begin it.")
    private boolean resume;

    @Option(names = "--overwrite", description = "Begin anew, whatever is there.")
    private boolean overwrite;

    OnExisting choice() {
      if (resume) {
        return OnExisting.RESUME;
      }
      return overwrite ? OnExisting.OVERWRITE : OnExisting.REFUSE;
    }
  }

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "jsonl, txt or csv, where the input's name does not tell.")
  private @Nullable InputFormat format;

  @Option(
      names = "--id-field",
      paramLabel = "NAME",
      defaultValue = "id",
      description = "Field or column with the id. Default: ${DEFAULT-VALUE}")
  private String idField = "";

  @Option(
      names = "--keep",
      paramLabel = "FIELD",
      split = ",",
      description = "Fields to carry along to the output, separated by commas.")
  private List<String> keep = List.of();

  @Mixin private PipelineOptions pipeline = new PipelineOptions();

  @Mixin private ModelsOptions models = new ModelsOptions();

  /** Whether a provider answers in a pipeline of this process. Known once the keys are read. */
  private boolean asksProvider;

  /** Model to ask, by its id or by the path of its folder. */
  abstract String model();

  /**
   * Refuses options of the command that do not go together.
   *
   * @param elsewhere whether a pipeline elsewhere is asked
   */
  void check(boolean elsewhere) {}

  /** Whether the model is named by its folder. */
  boolean namesFolder() {
    return ModelStore.isPath(model());
  }

  /**
   * The configuration whose provider answers in a pipeline of this process; empty where a local
   * model does.
   */
  Optional<Configuration> throughProvider(Configuration configuration) {
    return Optional.empty();
  }

  /** Where what is asked may go. */
  DataPolicy dataPolicy() {
    return DataPolicy.LOCAL_ONLY;
  }

  /** The question of the command, and the model that answers it. */
  abstract JobKind kind();

  /** Fields of a line that hold it, in the order of the kind. */
  abstract List<String> fields();

  /** The name of one thing, as in "give one TEXT". */
  abstract String oneThing();

  /** Whether one thing is given; refuses half of one. */
  abstract boolean asksOne();

  /** Asks about the one thing and prints the answer. */
  abstract void one(Ratatoskr ratatoskr, RequestOptions options) throws InterruptedException;

  @Override
  public final Integer call() throws InterruptedException, IOException {
    Configuration configured = pipeline.configuration(models);
    check(pipeline.bootstrap() != null);
    if (pipeline.bootstrap() != null && namesFolder()) {
      throw misuse(
          "--model: the pipeline at --bootstrap has its own models: give the id of one, or serve "
              + "this folder there with 'serve --model'");
    }
    Optional<Configuration> through =
        pipeline.bootstrap() == null ? throughProvider(configured) : Optional.empty();
    if (pipeline.bootstrap() == null && through.isEmpty()) {
      WorkerKind.serving(kind().capability()).require(model(), configured);
    }
    Configuration configuration = through.orElse(configured);
    asksProvider = through.isPresent();
    if (asksOne()) {
      if (input != null || output != null) {
        throw misuse("give either " + oneThing() + " or --input and --output");
      }
      return one(configuration);
    }
    if (input == null || output == null) {
      throw misuse("give --input and --output, or " + oneThing());
    }
    if (output.toString().equals("-")) {
      return stream(input, configuration);
    }
    return file(jobConfig(input, output, configuration), configuration);
  }

  private int stream(String from, Configuration configuration)
      throws InterruptedException, IOException {
    if (existing != null) {
      throw misuse(
          "--resume and --overwrite: what goes to standard output is kept nowhere; name a file as "
              + "--output");
    }
    CancelSignal cancel = new CancelSignal();
    RequestOptions options = options(JobConfig.defaultOptions());
    try (StreamJob job =
            StreamJob.open(
                source(from),
                kind(),
                options,
                limits(configuration),
                BulkJob.Surroundings.system());
        Interruption _ = Interruption.of(cancel::cancel, LAST_WORDS)) {
      Path folder = pipeline.bootstrap() == null ? PipelineFolder.temporary() : null;
      try (Ratatoskr ratatoskr = open(folder, options.lane(), configuration)) {
        LowDisk lowDisk = LowDisk.watch(ratatoskr, cancel);
        // Not System.out, which swallows failures: a reader that has gone ends the job.
        return lowDisk.exitCode(
            job.run(ratatoskr, new FileOutputStream(FileDescriptor.out), System.err, cancel),
            line().getCommandName(),
            err());
      }
    }
  }

  private int one(Configuration configuration) throws InterruptedException, IOException {
    kind(); // what cannot be asked is said before a pipeline starts
    Path folder = pipeline.bootstrap() == null ? PipelineFolder.temporary() : null;
    RequestOptions options = options(RequestOptions.defaults());
    try (Ratatoskr ratatoskr = open(folder, options.lane(), configuration)) {
      one(ratatoskr, options);
      out().flush();
      return ExitCode.WHOLE;
    }
  }

  private int file(JobConfig config, Configuration configuration)
      throws InterruptedException, IOException {
    PrintWriter err = err();
    CancelSignal cancel = new CancelSignal();
    try (BulkJob job = BulkJob.open(config, BulkJob.Surroundings.system());
        Interruption _ = Interruption.of(cancel::cancel, LAST_WORDS)) {
      if (job.alreadyWhole()) {
        PipelineFolder.deleteQuietly(PipelineFolder.of(config.output()));
        err.println(config.output() + " is whole already; nothing to do.");
        return ExitCode.WHOLE;
      }
      Path folder = pipeline.folderBeside(config.output(), err);
      try (Ratatoskr ratatoskr = open(folder, config.options().lane(), configuration)) {
        return run(job, ratatoskr, cancel);
      } finally {
        // What the job needs to go on stands in its own folder.
        PipelineFolder.deleteQuietly(folder);
      }
    }
  }

  private int run(BulkJob job, Ratatoskr ratatoskr, CancelSignal cancel) {
    LowDisk lowDisk = LowDisk.watch(ratatoskr, cancel);
    JobResult result = Terminal.withProgress(printer -> job.run(ratatoskr, printer, cancel));
    return lowDisk.exitCode(result, line().getCommandName(), err());
  }

  private Ratatoskr open(@Nullable Path folder, Lane lane, Configuration configuration)
      throws InterruptedException {
    return asksProvider
        ? pipeline.openProviders(folder, lane, configuration)
        : pipeline.open(folder, List.of(model()), lane, configuration);
  }

  private RequestOptions options(RequestOptions usual) {
    return pipeline.label(usual).withDataPolicy(dataPolicy());
  }

  private JobConfig jobConfig(String from, Path to, Configuration configuration) {
    return JobConfig.of(source(from), to, kind())
        .withOnExisting(existing == null ? OnExisting.REFUSE : existing.choice())
        .withOptions(options(JobConfig.defaultOptions()))
        .withLimits(limits(configuration));
  }

  private LineInput source(String from) {
    LineInput named =
        format == null ? LineInput.of(from, fields()) : LineInput.of(from, format, fields());
    return named.withIdField(idField).withKeep(keep);
  }

  private static JobLimits limits(Configuration configuration) {
    return JobLimits.defaults().withInFlight(configuration.client().inFlight().records());
  }

  /** A mistake on the command line, whose message points to the help. */
  final ParameterException misuse(String message) {
    return new ParameterException(line(), message);
  }

  private picocli.CommandLine line() {
    return spec.commandLine();
  }

  final PrintWriter out() {
    return line().getOut();
  }

  final PrintWriter err() {
    return line().getErr();
  }
}
