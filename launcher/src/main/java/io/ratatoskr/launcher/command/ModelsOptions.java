package io.ratatoskr.launcher.command;

import io.ratatoskr.onnxworker.ModelsConfig;
import io.ratatoskr.settings.Layers;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for where a command finds its models and where they run. */
public final class ModelsOptions {
  @Option(
      names = "--models-dir",
      paramLabel = "DIR",
      description =
          "Each folder in DIR with a config.json is a model too, under the folder's name: see "
              + "docs/models.md. Key: models.dir")
  private @Nullable Path folder;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "Where models run: cpu, cuda:N (the GPU of that number), or auto. Key: models.device")
  private @Nullable String device;

  /** Whether a folder of models is named. */
  public boolean folderIsGiven() {
    return folder != null;
  }

  /** Sets the keys that the options stand for, where they are given. */
  public Layers over(Layers layers) {
    Layers more = layers;
    if (folder != null) {
      more = more.withFlag("--models-dir", ModelsConfig.DIR.key(), folder.toString());
    }
    return device == null ? more : more.withFlag("--device", ModelsConfig.DEVICE.key(), device);
  }
}
