package io.ratatoskr.launcher;

import io.ratatoskr.client.ClientConfig;
import io.ratatoskr.embed.EmbedConfig;
import io.ratatoskr.nli.NliConfig;
import io.ratatoskr.onnxworker.ServedModels;
import io.ratatoskr.router.RouterConfig;
import io.ratatoskr.schemas.KafkaProperties;
import io.ratatoskr.schemas.Setting;
import io.ratatoskr.worker.WorkerConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Keys of docs/configuration.md, from a file and from the command line. */
final class Settings {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A properties file with keys of docs/configuration.md.")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set one key of docs/configuration.md; may be repeated, wins over the file.")
  private Map<String, String> set = new TreeMap<>();

  /**
   * The keys and their values.
   *
   * @throws IllegalArgumentException naming a key that no part has or whose value is not allowed,
   *     or a file that cannot be read
   */
  Map<String, String> values() {
    Map<String, String> values = new HashMap<>();
    if (file != null) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "--config: cannot read " + file + ": " + e.getMessage(), e);
      }
      properties.forEach((key, value) -> values.put(key.toString(), value.toString()));
    }
    values.putAll(set);
    Set<String> known = new HashSet<>();
    for (List<Setting<?>> part :
        List.of(
            RouterConfig.settings(),
            WorkerConfig.settings(),
            ServedModels.settings(),
            EmbedConfig.settings(),
            NliConfig.settings(),
            ClientConfig.settings())) {
      known.addAll(Setting.ofPart(part, values).keySet());
      part.forEach(setting -> setting.of(values));
    }
    var _ = KafkaProperties.of(values);
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw new IllegalArgumentException(
            key + ": there is no such setting; docs/configuration.md lists them");
      }
    }
    return values;
  }
}
