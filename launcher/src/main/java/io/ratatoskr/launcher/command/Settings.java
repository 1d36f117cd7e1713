package io.ratatoskr.launcher.command;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.settings.Layers;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reads the keys of docs/configuration.md for a command. */
public final class Settings {
  /** The command at the root, which says what is looked at unasked. */
  public interface Root {
    /** Files and environment that are looked at unasked. */
    Layers.Surroundings surroundings();
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "A TOML file with keys of docs/configuration.md; wins over /etc/ratatoskr/ratatoskr.toml"
              + " and ~/.ratatoskr/ratatoskr.toml.")
  private @Nullable Path file;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "A properties file of a Kafka client, such as client.properties: key kafka.*.")
  private @Nullable Path kafka;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Set one key of docs/configuration.md; may be repeated, wins over files and environment.")
  private Map<String, String> set = new TreeMap<>();

  /** Files, environment and {@code --set}; the options of the command come over them. */
  public Layers layers() {
    Layers layers =
        Layers.of(
                Configuration.known(),
                spec.root().userObject() instanceof Root root
                    ? root.surroundings()
                    : Layers.Surroundings.system())
            .withSet(set);
    if (file != null) {
      layers = layers.withFile(file);
    }
    return kafka == null
        ? layers
        : layers.withProperties(
            "--kafka-config", kafka, "kafka", Map.of("bootstrap.servers", "bootstrap"));
  }
}
