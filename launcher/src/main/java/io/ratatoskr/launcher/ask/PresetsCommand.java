package io.ratatoskr.launcher.ask;

import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.Settings;
import io.ratatoskr.policy.preset.Preset;
import io.ratatoskr.policy.preset.Presets;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the presets of a configuration. */
@Command(
    name = "presets",
    description = "Show the presets, which can be asked for in place of a model.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
public final class PresetsCommand implements Runnable {
  private static final String JSON = "Print a line of JSON for each.";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command: list or show");
  }

  @Command(
      name = "list",
      description = {
        "Show the presets, those that are built in and those of the configuration.",
        "",
        "A request asks for one as ratatoskr:TIER/SLOT. OPTIONS count where it leaves an option"
            + " out.",
        ""
      },
      mixinStandardHelpOptions = true,
      sortOptions = false,
      usageHelpAutoWidth = true)
  int list(@Option(names = "--json", description = JSON) boolean json, @Mixin Settings settings) {
    List<Preset> presets = presets(settings).all();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      presets.forEach(preset -> out.println(PresetTable.json(preset)));
    } else {
      out.print(PresetTable.of(presets));
    }
    out.flush();
    return ExitCode.WHOLE;
  }

  @Command(
      name = "show",
      description = "Show a preset.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      usageHelpAutoWidth = true)
  int show(
      @Parameters(paramLabel = "NAME", description = "Its name: TIER/SLOT, or ratatoskr:TIER/SLOT.")
          String name,
      @Option(names = "--json", description = JSON) boolean json,
      @Mixin Settings settings) {
    Presets presets = presets(settings);
    Preset preset =
        Presets.parse(name)
            .flatMap(found -> presets.named(found.tier(), found.slot()))
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "there is no preset '%s'; there are %s"
                        .formatted(
                            name,
                            presets.all().stream()
                                .map(Preset::name)
                                .collect(Collectors.joining(", ")))));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(PresetTable.json(preset));
    } else {
      out.print(PresetTable.of(preset));
    }
    out.flush();
    return ExitCode.WHOLE;
  }

  private static Presets presets(Settings settings) {
    return Presets.of(settings.layers().read());
  }
}
