package io.ratatoskr.launcher;

import io.ratatoskr.bulk.BulkJob;
import io.ratatoskr.bulk.CancelSignal;
import io.ratatoskr.bulk.InputFormat;
import io.ratatoskr.bulk.JobConfig;
import io.ratatoskr.bulk.JobInput;
import io.ratatoskr.bulk.JobKind;
import io.ratatoskr.bulk.JobResult;
import io.ratatoskr.bulk.OnExisting;
import io.ratatoskr.bulk.ProgressPrinter;
import io.ratatoskr.client.ClientConfig;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.onnx.ModelStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Embeds a file, or one text. */
@Command(
    name = "embed",
    description = {
      "Embed a file, or print the vector of one TEXT as JSON.",
      "",
      "Without --bootstrap a broker, the router and a worker run in this process; their data stand "
          + "in OUTPUT.pipeline and are removed when the output is whole.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
final class EmbedCommand implements Callable<Integer> {
  /** After a signal, as long as this for the journal to be flushed. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..1", paramLabel = "TEXT", description = "One text to embed.")
  private @Nullable String text;

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
      description = "File to write: .parquet or .jsonl. Lines that fail go to FILE.errors.jsonl.")
  private @Nullable Path output;

  @Option(
      names = "--model",
      paramLabel = "ID|PATH",
      defaultValue = EmbeddedRatatoskr.ALL_MINILM_L6_V2,
      description =
          "all-minilm-l6-v2, all-minilm-l6-v2-q (8-bit, faster, another vector space), a model's "
              + "folder, named by a path with a /, or what the pipeline at --bootstrap has. "
              + "Default: ${DEFAULT-VALUE}")
  private String model = "";

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "Use the pipeline on this Kafka instead of one in this process.")
  private @Nullable String bootstrap;

  @Option(
      names = "--domain",
      paramLabel = "PREFIX",
      description = "Domain of that pipeline. Default: ratatoskr.default")
  private @Nullable String domain;

  @Option(
      names = "--inflight",
      paramLabel = "N",
      description = "Records sent and not yet answered. Default: 64")
  private @Nullable Integer inFlight;

  @ArgGroup(exclusive = true, multiplicity = "0..1")
  private @Nullable Existing existing;

  /** What happens where the output or an unfinished job is there already. */
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
      names = "--truncate",
      paramLabel = "MODE",
      defaultValue = "error",
      description =
          "Texts above the model's limit: error (an error line), truncate (cut, and marked), or "
              + "chunk-mean (mean of the parts, weighted by tokens). Default: ${DEFAULT-VALUE}")
  private String truncate = "";

  @Option(
      names = "--input-type",
      paramLabel = "TYPE",
      defaultValue = "document",
      description = "document or query; some models tell them apart. Default: ${DEFAULT-VALUE}")
  private EmbedRequest.InputType inputType = EmbedRequest.InputType.DOCUMENT;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "jsonl, txt or csv, where the input's name does not tell.")
  private @Nullable InputFormat format;

  @Option(
      names = "--text-field",
      paramLabel = "NAME",
      defaultValue = "text",
      description = "Field or column with the text. Default: ${DEFAULT-VALUE}")
  private String textField = "";

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

  @Option(
      names = "--tenant",
      paramLabel = "LABEL",
      defaultValue = "",
      description = "Label for accounting.")
  private String tenant = "";

  @Mixin private Settings settings = new Settings();

  @Override
  public Integer call() throws InterruptedException, IOException {
    Map<String, String> values = settings.values();
    if (bootstrap != null && ModelStore.isPath(model)) {
      throw misuse(
          "--model: the pipeline at --bootstrap has its own models: give the id of one, or serve "
              + "this folder there with 'serve embed --model'");
    }
    if (inFlight != null) {
      if (inFlight < 1 || inFlight > 10_000) {
        throw new IllegalArgumentException("--inflight: must be 1 to 10000, is " + inFlight);
      }
      values.put("in-flight-records", inFlight.toString());
    }
    if (domain != null) {
      values.put("domain", domain);
    }
    if (text != null) {
      if (input != null || output != null) {
        throw misuse("give either a TEXT or --input and --output");
      }
      return one(text, values);
    }
    if (input == null || output == null) {
      throw misuse("give --input and --output, or one TEXT");
    }
    return file(jobConfig(input, output, values), values);
  }

  private int one(String oneText, Map<String, String> values)
      throws InterruptedException, IOException {
    Path folder = bootstrap == null ? Files.createTempDirectory("ratatoskr-") : null;
    Thread removal = new Thread(() -> DataFolder.deleteQuietly(folder), "remove-data");
    Runtime.getRuntime().addShutdownHook(removal);
    try (Ratatoskr ratatoskr = open(folder, values)) {
      EmbedReply reply =
          Futures.await(
              ratatoskr.embed(
                  EmbedRequest.of(ModelStore.id(model), oneText)
                      .withInputType(inputType)
                      .withTruncation(truncation())
                      .withOptions(RequestOptions.defaults().withTenant(tenant))));
      ObjectMapper json = JsonMapper.shared();
      ObjectNode row = json.createObjectNode();
      row.set("embedding", json.valueToTree(reply.vector()));
      row.put("model", reply.model()).put("space_id", reply.spaceId());
      out().println(row);
      out().flush();
      return ExitCode.WHOLE;
    }
  }

  private int file(JobConfig config, Map<String, String> values)
      throws InterruptedException, IOException {
    PrintWriter err = err();
    CancelSignal cancel = new CancelSignal();
    try (BulkJob job = BulkJob.open(config, BulkJob.Surroundings.system());
        Interruption _ = Interruption.of(cancel::cancel, LAST_WORDS)) {
      if (job.alreadyWhole()) {
        DataFolder.deleteQuietly(DataFolder.of(config.output()));
        err.println(config.output() + " is whole already; nothing to do.");
        return ExitCode.WHOLE;
      }
      Path folder = bootstrap == null ? DataFolder.fresh(config.output()) : null;
      if (folder == null) {
        err.println("Using the pipeline at " + bootstrap);
      } else {
        err.println("Starting a pipeline in this process; its data are in " + folder);
      }
      err.flush();
      try (Ratatoskr ratatoskr = open(folder, values)) {
        return run(job, ratatoskr, cancel);
      } finally {
        // What the job needs to go on stands in its own folder.
        DataFolder.deleteQuietly(folder);
      }
    }
  }

  private int run(BulkJob job, Ratatoskr ratatoskr, CancelSignal cancel) {
    LowDisk lowDisk = LowDisk.watch(ratatoskr, cancel);
    ProgressPrinter printer = Terminal.progress();
    try {
      JobResult result = job.run(ratatoskr, printer, cancel);
      printer.close(result);
      return lowDisk.exitCode(result, err());
    } catch (RuntimeException e) {
      printer.clear();
      throw e;
    }
  }

  private Ratatoskr open(@Nullable Path folder, Map<String, String> values)
      throws InterruptedException {
    if (folder != null) {
      return EmbeddedRatatoskr.start(PipelineConfig.of(folder, List.of(model), values));
    }
    Map<String, String> own = Settings.of(ClientConfig.settings(), values);
    own.put("bootstrap", String.valueOf(bootstrap));
    return KafkaRatatoskr.connect(ClientConfig.of(own));
  }

  private JobConfig jobConfig(String from, Path to, Map<String, String> values) {
    JobKind kind = new JobKind.Embed(ModelStore.id(model), inputType, truncation());
    JobInput source = format == null ? JobInput.of(from, kind) : JobInput.of(from, format, kind);
    JobConfig config =
        JobConfig.of(source.withFields(List.of(textField), idField).withKeep(keep), to, kind);
    int records = ClientConfig.of(Settings.of(ClientConfig.settings(), values)).inFlightRecords();
    return config
        .withOnExisting(existing == null ? OnExisting.REFUSE : existing.choice())
        .withOptions(config.options().withTenant(tenant))
        .withLimits(config.limits().withInFlight(records));
  }

  private EmbedRequest.Truncation truncation() {
    return switch (truncate) {
      case "error" -> EmbedRequest.Truncation.ERROR;
      case "truncate" -> EmbedRequest.Truncation.TRUNCATE;
      case "chunk-mean" -> EmbedRequest.Truncation.CHUNK_MEAN;
      default -> throw misuse("--truncate: error, truncate or chunk-mean, not '" + truncate + "'");
    };
  }

  private ParameterException misuse(String message) {
    return new ParameterException(line(), message);
  }

  private picocli.CommandLine line() {
    return spec.commandLine();
  }

  private PrintWriter out() {
    return line().getOut();
  }

  private PrintWriter err() {
    return line().getErr();
  }
}
