package io.ratatoskr.onnx;

import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * The JSON files of a model's folder.
 *
 * @param id what the model is called in messages
 */
record FolderFiles(String id, Path folder) {
  static final String CONFIG = "config.json";

  /** The configuration of a module, whose folder may be the model's own. */
  static String config(String module) {
    return module.isEmpty() ? CONFIG : module + "/" + CONFIG;
  }

  /**
   * The content of a file; a missing node where there is no such file.
   *
   * @param name path inside the folder
   * @throws ModelLoadException when it is no JSON
   */
  JsonNode json(String name) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      return MissingNode.getInstance();
    }
    try {
      return JsonMapper.shared().readTree(file);
    } catch (JacksonException e) {
      throw new ModelLoadException(
          ModelLoadException.Reason.SETTINGS,
          "Model %s: %s is no JSON: %s".formatted(id, name, e.getMessage()),
          e);
    }
  }

  /** A file that is needed and not there. */
  ModelLoadException missing(String what) {
    return new ModelLoadException(
        ModelLoadException.Reason.MISSING_FILE, "Model %s: %s.".formatted(id, what));
  }

  /** Files that contradict each other or ask for something unknown. */
  ModelLoadException settings(String what) {
    return new ModelLoadException(
        ModelLoadException.Reason.SETTINGS, "Model %s: %s.".formatted(id, what));
  }
}
