package io.ratatoskr.launcher;

import io.ratatoskr.onnxworker.ServedModels;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --models-dir}. */
final class ModelsDir {
  @Option(
      names = "--models-dir",
      paramLabel = "DIR",
      description =
          "Each folder in DIR with a config.json is a model too, under the folder's name: see "
              + "docs/models.md.")
  private @Nullable Path folder;

  boolean isGiven() {
    return folder != null;
  }

  /** Sets the key that the option stands for, where it is given. */
  void putInto(Map<String, String> values) {
    if (folder != null) {
      values.put(ServedModels.MODELS_DIR.key(), folder.toString());
    }
  }
}
