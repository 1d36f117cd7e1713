package io.ratatoskr.launcher;

import io.ratatoskr.launcher.ask.ChatCommand;
import io.ratatoskr.launcher.ask.ClassifyCommand;
import io.ratatoskr.launcher.ask.EmbedCommand;
import io.ratatoskr.launcher.ask.ExplainCommand;
import io.ratatoskr.launcher.ask.GenerateCommand;
import io.ratatoskr.launcher.ask.ModelsCommand;
import io.ratatoskr.launcher.ask.NliCommand;
import io.ratatoskr.launcher.ask.PresetsCommand;
import io.ratatoskr.launcher.ask.ResultCommand;
import io.ratatoskr.launcher.ask.RetrieveCommand;
import io.ratatoskr.launcher.ask.SearchCommand;
import io.ratatoskr.launcher.ask.StanceCommand;
import io.ratatoskr.launcher.ask.TokensCommand;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.Failure;
import io.ratatoskr.launcher.command.Logging;
import io.ratatoskr.launcher.command.PlatformEncoding;
import io.ratatoskr.launcher.command.Settings;
import io.ratatoskr.launcher.command.Version;
import io.ratatoskr.launcher.operate.DlqCommand;
import io.ratatoskr.launcher.operate.PolicyCommand;
import io.ratatoskr.launcher.operate.UsageCommand;
import io.ratatoskr.launcher.serve.Port;
import io.ratatoskr.launcher.serve.ReloadCommand;
import io.ratatoskr.launcher.serve.ServeCommand;
import io.ratatoskr.launcher.serve.StatusCommand;
import io.ratatoskr.launcher.serve.TopicsCommand;
import io.ratatoskr.launcher.serve.UpCommand;
import io.ratatoskr.settings.Layers;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code ratatoskr} command. */
@Command(
    name = "ratatoskr",
    description = "Durable, fair, asynchronous inference over Apache Kafka.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    subcommands = {
      EmbedCommand.class,
      NliCommand.class,
      ClassifyCommand.class,
      StanceCommand.class,
      RetrieveCommand.class,
      SearchCommand.class,
      ChatCommand.class,
      GenerateCommand.class,
      ResultCommand.class,
      TokensCommand.class,
      ModelsCommand.class,
      ExplainCommand.class,
      PresetsCommand.class,
      UpCommand.class,
      ServeCommand.class,
      TopicsCommand.class,
      PolicyCommand.class,
      DlqCommand.class,
      UsageCommand.class,
      ConfigCommand.class,
      StatusCommand.class,
      ReloadCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Everything was done.",
      "1:Nothing, or not everything, was done; one line on standard error says why.",
      "2:Everything was done but some input lines, which stand in the errors file.",
      "3:The disk is full; make room and resume.",
      "130:Stopped by Ctrl-C; 143 by SIGTERM. A job can be resumed.",
    })
public final class Main implements Runnable, Settings.Root {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Log more, and print the stack trace of a failure.")
  private boolean debug;

  private final Layers.Surroundings surroundings;

  private Main(Layers.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Layers.Surroundings surroundings() {
    return surroundings;
  }

  public static void main(String[] args) {
    // Figures and letters are the same in every country.
    Locale.setDefault(Locale.ROOT);
    StandardStreams streams = StandardStreams.install();
    Optional<String> refusal = PlatformEncoding.ofThisProcess().refusal(args);
    if (refusal.isPresent()) {
      System.err.println("ratatoskr: " + refusal.get());
      System.exit(ExitCode.FAILED);
    }
    CommandLine line =
        commandLine()
            .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    System.exit(streams.checked(line.execute(args)));
  }

  static CommandLine commandLine() {
    return commandLine(Layers.Surroundings.system());
  }

  /**
   * The command, as it is run with arguments.
   *
   * @param surroundings files and environment that are looked at unasked
   */
  public static CommandLine commandLine(Layers.Surroundings surroundings) {
    Main main = new Main(surroundings);
    CommandLine line = new CommandLine(main);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.registerConverter(Port.class, Port::parse);
    line.setExecutionStrategy(parsed -> {
      Logging.configure(main.debug);
      return new CommandLine.RunLast().execute(parsed);
    });
    line.setExecutionExceptionHandler((failure, command, parsed) -> {
      PrintWriter err = command.getErr();
      if (main.debug) {
        failure.printStackTrace(err);
      }
      String name = command.getCommandSpec().qualifiedName();
      err.println(name.replaceFirst("^ratatoskr ", "") + ": " + Failure.describe(failure));
      err.flush();
      return Failure.exitCode(failure);
    });
    line.setParameterExceptionHandler((mistake, arguments) -> {
      PrintWriter err = mistake.getCommandLine().getErr();
      String name = mistake.getCommandLine().getCommandSpec().qualifiedName();
      err.println(name + ": " + mistake.getMessage());
      err.println("Try '" + name + " --help'.");
      err.flush();
      return ExitCode.FAILED;
    });
    return line;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "name a command");
  }
}
