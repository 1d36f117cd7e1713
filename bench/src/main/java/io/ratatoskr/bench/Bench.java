package io.ratatoskr.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code bench/run NAME}: each command prints one markdown report and stops by itself. */
@Command(
    name = "bench/run",
    description = "Figures for docs/benchmarks.md, as ratios to what is measured in the same run.",
    mixinStandardHelpOptions = true,
    subcommands = {
      CorpusCommand.class,
      FloorCommand.class,
      ThroughputCommand.class,
      NliCommand.class,
      CachedCommand.class,
      KeptReplyCommand.class,
      InteractiveCommand.class,
      LanesCommand.class,
      RouterCommand.class,
      ManyPoolsCommand.class,
      IdenticalCommand.class,
      SteadyCommand.class,
      RetrieveCommand.class,
      JudgedCommand.class,
      IndexCommand.class,
      FirstVectorCommand.class,
      StreamsCommand.class,
      FirstTokenCommand.class,
      UnreadCommand.class,
      SilentCommand.class,
      LiteLlmCommand.class,
      ToolsCommand.class,
      ContenderCommand.class,
    })
public final class Bench {
  private Bench() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Bench()).execute(args));
  }
}
