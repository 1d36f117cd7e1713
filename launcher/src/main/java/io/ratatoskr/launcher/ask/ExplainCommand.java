package io.ratatoskr.launcher.ask;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.allinone.RoutingView;
import io.ratatoskr.client.PipelineUnreachableException;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.KafkaOptions;
import io.ratatoskr.policy.Choice;
import io.ratatoskr.settings.Values;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows who would answer a request, and why. */
@Command(
    name = "explain",
    description = {
      "Show who would answer a request, who in whose place, and why; nothing is asked.",
      "",
      "REQUEST.json has capability (chat) and model (auto), and where they matter prompt or"
          + " messages, preset, provider, task_class, conversation, data_policy, lane, stream,"
          + " tools, json_schema, max_tokens. With --bootstrap by the policy and the workers of"
          + " that pipeline; without, by the configuration, as if everybody in it were well.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class ExplainCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "REQUEST.json",
      description = "The request, as JSON; - reads standard input.")
  private Path request = Path.of("-");

  @Option(names = "--json", description = "Print the choice as JSON.")
  private boolean json;

  @Mixin private KafkaOptions kafka = new KafkaOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Values values = kafka.values();
    Configuration configuration = Configuration.of(values);
    ExplainedRequest explained = ExplainedRequest.parse(read());
    RoutingView view =
        KafkaOptions.named(values)
            ? cluster(configuration)
            : RoutingView.ofConfiguration(configuration);
    Choice choice = view.policy().explain(explained.ask(), view.world());
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? ChoiceTable.json(choice) + "\n" : ChoiceTable.of(choice));
    out.flush();
    return choice.refusal() == null ? ExitCode.WHOLE : ExitCode.FAILED;
  }

  private String read() throws IOException {
    if (request.toString().equals("-")) {
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    }
    try {
      return Files.readString(request);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no file " + request, e);
    }
  }

  private static RoutingView cluster(Configuration configuration) throws InterruptedException {
    try {
      return RoutingView.ofCluster(configuration, PATIENCE);
    } catch (TimeoutException | ExecutionException | KafkaException e) {
      throw new PipelineUnreachableException(
          "the pipeline at %s cannot be looked at: %s"
              .formatted(configuration.router().bootstrap(), e.getMessage()),
          e);
    }
  }
}
