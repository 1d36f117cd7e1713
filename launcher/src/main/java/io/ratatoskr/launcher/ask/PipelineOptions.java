package io.ratatoskr.launcher.ask;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.allinone.EmbeddedRatatoskr;
import io.ratatoskr.allinone.PipelineConfig;
import io.ratatoskr.allinone.PipelineFolder;
import io.ratatoskr.allinone.WorkerKind;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.launcher.command.ModelsOptions;
import io.ratatoskr.launcher.command.Settings;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.KafkaProperties;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.settings.Layers;
import io.ratatoskr.settings.Values;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for which pipeline a command asks, and how. */
final class PipelineOptions {
  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description =
          "Use the pipeline on this Kafka instead of one in this process. Key: kafka.bootstrap")
  private @Nullable String bootstrap;

  @Option(
      names = "--domain",
      paramLabel = "PREFIX",
      description = "Domain of that pipeline. Default: ratatoskr.default. Key: client.domain")
  private @Nullable String domain;

  @Option(
      names = "--inflight",
      paramLabel = "N",
      description = "Records sent and not yet answered. Default: 64. Key: client.in-flight-records")
  private @Nullable Integer inFlight;

  @Option(
      names = "--tenant",
      paramLabel = "LABEL",
      defaultValue = "",
      description = "Label for accounting.")
  private String tenant = "";

  @Mixin private Settings settings = new Settings();

  /** Kafka of the pipeline; null where it runs in this process. Known once the keys are read. */
  @Nullable String bootstrap() {
    return bootstrap;
  }

  /**
   * The configuration that files, environment and options make.
   *
   * @throws IllegalArgumentException naming the place of what is not allowed
   */
  Configuration configuration() {
    return configuration(settings.layers());
  }

  /** The same, with what further options say. */
  Configuration configuration(ModelsOptions models) {
    return configuration(models.over(settings.layers()));
  }

  private Configuration configuration(Layers layers) {
    Layers all = layers;
    if (bootstrap != null) {
      all = all.withFlag("--bootstrap", KafkaProperties.BOOTSTRAP.key(), bootstrap);
    }
    if (domain != null) {
      all = all.withFlag("--domain", "client.domain", domain);
    }
    if (inFlight != null) {
      all = all.withFlag("--inflight", "client.in-flight-records", inFlight.toString());
    }
    Values values = all.read();
    if (values.origin(KafkaProperties.BOOTSTRAP.key()).isEmpty()) {
      return Configuration.of(values.over(Configuration.oneClient()));
    }
    bootstrap = KafkaProperties.BOOTSTRAP.of(values);
    return Configuration.of(values);
  }

  /** These options with the tenant's label. */
  RequestOptions label(RequestOptions options) {
    return options.withTenant(tenant);
  }

  /**
   * The folder for the data of a pipeline in this process, beside a job's output; null where there
   * is another pipeline. Says which it is.
   */
  @Nullable Path folderBeside(Path output, PrintWriter err) throws IOException {
    Path folder = bootstrap == null ? PipelineFolder.fresh(output) : null;
    err.println(
        folder == null
            ? "Using the pipeline at " + bootstrap
            : "Starting a pipeline in this process; its data are in " + folder);
    err.flush();
    return folder;
  }

  /**
   * The pipeline that answers.
   *
   * @param folder where one in this process keeps its data; null where there is another
   * @param models what one in this process loads: ids, and paths of folders
   * @param lane the lane in which it is asked; one in this process serves no other
   */
  Ratatoskr open(@Nullable Path folder, List<String> models, Lane lane, Configuration configuration)
      throws InterruptedException {
    return folder == null
        ? KafkaRatatoskr.connect(configuration.client())
        : EmbeddedRatatoskr.start(
            PipelineConfig.of(folder, models, configuration.withLanes(EnumSet.of(lane)))
                .withDeployment(Deployment.forOneClient()));
  }

  /**
   * The pipeline that answers what providers are asked.
   *
   * @param folder where one in this process keeps its data; null where there is another
   * @param lane the lane in which it is asked; one in this process serves no other
   */
  Ratatoskr openProviders(@Nullable Path folder, Lane lane, Configuration configuration)
      throws InterruptedException {
    return folder == null
        ? KafkaRatatoskr.connect(configuration.client())
        : EmbeddedRatatoskr.start(
            new PipelineConfig(
                folder,
                0,
                Deployment.forOneClient(),
                EnumSet.of(WorkerKind.GATEWAY),
                configuration.withProvidersAlone().withLanes(EnumSet.of(lane))));
  }
}
