package io.ratatoskr.launcher.serve;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.allinone.Pipeline;
import io.ratatoskr.allinone.PipelineConfig;
import io.ratatoskr.allinone.ServiceConfig;
import io.ratatoskr.allinone.WorkerKind;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.Failure;
import io.ratatoskr.launcher.command.Interruption;
import io.ratatoskr.launcher.command.Logging;
import io.ratatoskr.launcher.command.ModelsOptions;
import io.ratatoskr.launcher.command.ProviderOptions;
import io.ratatoskr.launcher.command.Settings;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.settings.Layers;
import io.ratatoskr.settings.Values;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs everything until it is stopped. */
@Command(
    name = "up",
    description = "Run broker, router and workers in one process until Ctrl-C, for other clients.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class UpCommand implements Callable<Integer> {
  private static final Duration LAST_WORDS = Duration.ofSeconds(20);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ServiceOptions service = new ServiceOptions();

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      description = "Loopback port of the broker. Default: 9092. Key: service.kafka-port")
  private @Nullable Port kafkaPort;

  @Option(
      names = "--model",
      paramLabel = "ID|PATH",
      description =
          "A model to serve, for embeddings or NLI: an id, or a folder, named by a path with a /. "
              + "Repeat it for several. Default: all-minilm-l6-v2 and nli-minilm-l6")
  private List<String> models = List.of();

  @Mixin private ProviderOptions providers = new ProviderOptions();

  @Mixin private ModelsOptions modelsOptions = new ModelsOptions();

  @Mixin private Settings settings = new Settings();

  @Override
  public Integer call() throws InterruptedException, IOException {
    Hangup hangup = Hangup.taken();
    Layers layers = layers();
    Values values = layers.read().over(Configuration.allInOne());
    ServiceConfig where = ServiceConfig.of(values);
    InetAddress listening = ServiceOptions.address(where, values);
    Path folder = ServiceOptions.folder(where, ".local/share/ratatoskr");
    Configuration configuration =
        providers.over(WorkerKind.assign(models, Configuration.of(values)).configuration());
    Logging.service(configuration.logLevel());
    PrintWriter out = spec.commandLine().getOut();
    CountDownLatch stop = new CountDownLatch(1);
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (Interruption _ = Interruption.of(stop::countDown, LAST_WORDS);
        StatusServer status = StatusServer.start(listening, where.pagePort(), meters);
        Pipeline pipeline = start(folder, where.kafkaPort(), configuration, meters, out)) {
      status.tell(pipeline::health);
      Reload reload = new Reload(layers, Configuration.allInOne(), values, pipeline::change);
      status.reloads(reload);
      hangup.runs(reload::run);
      var _ = pipeline.kafka().failure().thenRun(stop::countDown);
      out.println("Kafka    " + pipeline.bootstrap());
      out.println("Status   " + status.url());
      out.println("Models   " + String.join(", ", pipeline.models()));
      out.println("Ready; Ctrl-C stops.");
      out.flush();
      stop.await();
      if (pipeline.kafka().failure().isDone()) {
        throw new IllegalStateException(Failure.describe(pipeline.kafka().failure().resultNow()));
      }
      return ExitCode.INTERRUPTED;
    }
  }

  private Layers layers() {
    Layers layers = service.over(modelsOptions.over(settings.layers()));
    return kafkaPort == null
        ? layers
        : layers.withFlag(
            "--kafka-port", ServiceConfig.KAFKA_PORT.key(), Integer.toString(kafkaPort.number()));
  }

  private Pipeline start(
      Path folder,
      int kafkaPort,
      Configuration configuration,
      PrometheusMeterRegistry meters,
      PrintWriter out)
      throws InterruptedException {
    out.println("Starting; the data are in " + folder.toAbsolutePath());
    out.flush();
    return Pipeline.start(
        new PipelineConfig(
            folder,
            kafkaPort,
            Deployment.allInOne(),
            EnumSet.allOf(WorkerKind.class),
            configuration),
        meters);
  }
}
