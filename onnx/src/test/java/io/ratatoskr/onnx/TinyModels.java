package io.ratatoskr.onnx;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The graphs of a few bytes made by the programs in {@code src/test/python}. */
final class TinyModels {
  private TinyModels() {}

  static Path folder(String name) {
    return folder("/models", name);
  }

  static Path folder(String below, String name) {
    try {
      return Path.of(
          Objects.requireNonNull(TinyModels.class.getResource(below + "/" + name), name).toURI());
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

  /** For a test that changes files. */
  static Path copy(Path source, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : List.copyOf(files.toList())) {
        Files.copy(file, target.resolve(source.relativize(file)));
      }
    }
    return target;
  }
}
