package io.ratatoskr.onnx;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** The graphs of a few bytes made by {@code src/test/python/make_models.py}. */
final class TinyModels {
  private TinyModels() {}

  static Path folder(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(TinyModels.class.getResource("/models/" + name), name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static ModelFiles files(String name) {
    return ModelFiles.folder(name, folder(name));
  }

  static Embedder load(String name, InferenceConfig config) {
    return Embedder.load(files(name), config);
  }
}
