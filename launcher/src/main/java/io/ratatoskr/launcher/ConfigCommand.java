package io.ratatoskr.launcher;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.Settings;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.InvalidSettingsException;
import io.ratatoskr.settings.Layers;
import io.ratatoskr.settings.TomlText;
import io.ratatoskr.settings.Values;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Begins, checks and shows a configuration. */
@Command(
    name = "config",
    description = "Begin, check or show the configuration: see docs/configuration.md.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Runnable {
  private static final String HEAD =
      """
      Ratatoskr's configuration. Each key is commented out and shows its default: remove the # before a \
      key to change it. 'ratatoskr config check' finds mistakes, 'ratatoskr config show --origin' says \
      where each value comes from. It is looked for in /etc/ratatoskr/ratatoskr.toml and \
      ~/.ratatoskr/ratatoskr.toml; --config names another file. ${VAR} and ${VAR:-default} in a text are \
      variables of the environment.\
      """;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command: init, check or show");
  }

  @Command(
      name = "init",
      description = "Print a file with every key, commented out, and its default; or write it.",
      mixinStandardHelpOptions = true)
  int init(
      @Parameters(arity = "0..1", paramLabel = "FILE", description = "File to write; must be new.")
          @Nullable Path file)
      throws IOException {
    String template = TomlText.template(Configuration.known(), HEAD);
    if (file == null) {
      out().print(template);
      out().flush();
      return ExitCode.WHOLE;
    }
    try {
      Files.writeString(file, template, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new IllegalArgumentException(file + " is there already", e);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no folder for " + file, e);
    }
    out().println("Wrote " + file);
    out().flush();
    return ExitCode.WHOLE;
  }

  @Command(
      name = "check",
      description =
          "Say everything that is wrong with files, environment and --set; exit 0 if nothing is.",
      mixinStandardHelpOptions = true)
  int check(@Mixin Settings settings) {
    Layers layers = settings.layers();
    List<InvalidSettingException> mistakes = mistakes(layers);
    if (mistakes.isEmpty()) {
      List<Path> files = layers.files();
      out().println("Nothing is wrong; read " + (files.isEmpty() ? "no file" : join(files)) + ".");
      out().flush();
      return ExitCode.WHOLE;
    }
    PrintWriter err = spec.commandLine().getErr();
    mistakes.forEach(mistake -> err.println(mistake.getMessage()));
    err.flush();
    return ExitCode.FAILED;
  }

  private static String join(List<Path> files) {
    return String.join(", ", files.stream().map(Path::toString).toList());
  }

  private static List<InvalidSettingException> mistakes(Layers layers) {
    try {
      Values values = layers.read();
      Configuration configuration = Configuration.of(values);
      var _ = values.locate(() -> configuration.embed().served());
      var _ = values.locate(() -> configuration.nli().models().served());
      return List.of();
    } catch (InvalidSettingsException e) {
      return e.mistakes();
    } catch (InvalidSettingException e) {
      return List.of(e);
    }
  }

  @Command(
      name = "show",
      description = "Show every key and its value, as TOML; secrets are ****.",
      mixinStandardHelpOptions = true)
  int show(
      @Option(names = "--origin", description = "Say where each value was given.") boolean origin,
      @Mixin Settings settings) {
    Values values = settings.layers().read();
    var _ = Configuration.of(values);
    out().print(TomlText.of(Configuration.known(), values, origin));
    out().flush();
    return ExitCode.WHOLE;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
