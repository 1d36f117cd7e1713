package io.ratatoskr.launcher;

import io.ratatoskr.allinone.DataFolder;
import io.ratatoskr.allinone.EmbeddedRatatoskr;
import io.ratatoskr.allinone.PipelineConfig;
import io.ratatoskr.client.ClientConfig;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.Setting;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which pipeline a command asks, and how. */
final class PipelineOptions {
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

  @Option(
      names = "--tenant",
      paramLabel = "LABEL",
      defaultValue = "",
      description = "Label for accounting.")
  private String tenant = "";

  @Mixin private Settings settings = new Settings();

  /** Kafka of the pipeline; null where it runs in this process. */
  @Nullable String bootstrap() {
    return bootstrap;
  }

  /**
   * The settings, those that options stand for included.
   *
   * @throws IllegalArgumentException naming the option or key whose value is not allowed
   */
  Map<String, String> values() {
    Map<String, String> values = settings.values();
    if (inFlight != null) {
      if (inFlight < 1 || inFlight > 10_000) {
        throw new IllegalArgumentException("--inflight: must be 1 to 10000, is " + inFlight);
      }
      values.put("in-flight-records", inFlight.toString());
    }
    if (domain != null) {
      values.put("domain", domain);
    }
    return values;
  }

  /** These options with the tenant's label. */
  RequestOptions label(RequestOptions options) {
    return options.withTenant(tenant);
  }

  /** What the client of that pipeline is configured with. */
  static ClientConfig client(Map<String, String> values) {
    return ClientConfig.of(Setting.ofPart(ClientConfig.settings(), values));
  }

  /**
   * The folder for the data of a pipeline in this process, beside a job's output; null where there
   * is another pipeline. Says which it is.
   */
  @Nullable Path folderBeside(Path output, PrintWriter err) throws IOException {
    Path folder = bootstrap == null ? DataFolder.fresh(output) : null;
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
   */
  Ratatoskr open(@Nullable Path folder, List<String> models, Map<String, String> values)
      throws InterruptedException {
    if (folder != null) {
      return EmbeddedRatatoskr.start(PipelineConfig.of(folder, models, values));
    }
    Map<String, String> own = Setting.ofPart(ClientConfig.settings(), values);
    own.put("bootstrap", String.valueOf(bootstrap));
    return KafkaRatatoskr.connect(ClientConfig.of(own));
  }
}
