package io.ratatoskr.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where things lie; {@code bench/run} says where the repository is. */
final class Home {
  private Home() {}

  static Path repository() {
    return Path.of(System.getProperty("bench.home", ".")).toAbsolutePath().normalize();
  }

  static Path bench(String path) {
    return repository().resolve("bench").resolve(path);
  }

  /** Deletes a folder and all in it. */
  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
