package io.ratatoskr.launcher.ask;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.allinone.ConfiguredModels;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.KnownModel;
import io.ratatoskr.gateway.ProviderConfig;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.KafkaOptions;
import io.ratatoskr.onnxworker.ModelsConfig;
import io.ratatoskr.settings.Values;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows which models can be asked. */
@Command(
    name = "models",
    description = "Show which models can be asked.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
public final class ModelsCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command: list");
  }

  @Command(
      name = "list",
      description = {
        "Show the models, local and remote, each with its pool and its state.",
        "",
        "With --bootstrap those that the workers of that pipeline have now; without, those that are"
            + " built in, in the folder of models, and of the configuration's providers.",
        ""
      },
      mixinStandardHelpOptions = true,
      sortOptions = false,
      usageHelpAutoWidth = true)
  int list(
      @Option(names = "--json", description = "Print a line of JSON for each model.") boolean json,
      @Option(
              names = "--models-dir",
              paramLabel = "DIR",
              description = "A folder of models that is looked at too. Key: models.dir")
          @Nullable Path folder,
      @Mixin KafkaOptions kafka)
      throws InterruptedException {
    Values values =
        kafka.values(layers ->
            folder == null
                ? layers
                : layers.withFlag("--models-dir", ModelsConfig.DIR.key(), folder.toString()));
    Configuration configuration = Configuration.of(values);
    boolean elsewhere = KafkaOptions.named(values);
    List<KnownModel> models =
        elsewhere ? workers(configuration) : ConfiguredModels.of(configuration);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      models.forEach(model -> out.println(ModelTable.json(model)));
    } else {
      out.print(ModelTable.of(models));
    }
    out.flush();
    if (!elsewhere) {
      noteOfOthers(configuration);
    }
    return ExitCode.WHOLE;
  }

  private static List<KnownModel> workers(Configuration configuration) throws InterruptedException {
    try (KafkaRatatoskr ratatoskr = KafkaRatatoskr.connect(configuration.client())) {
      return Futures.await(ratatoskr.models());
    }
  }

  /** A provider without a list is asked for any model; what it has only a pipeline may know. */
  private void noteOfOthers(Configuration configuration) {
    PrintWriter err = spec.commandLine().getErr();
    configuration.providers().stream()
        .filter(provider -> provider.models().isEmpty())
        .map(ProviderConfig::name)
        .forEach(name ->
            err.printf("Provider %s is asked for any model; its `models` names none.%n", name));
    err.flush();
  }
}
