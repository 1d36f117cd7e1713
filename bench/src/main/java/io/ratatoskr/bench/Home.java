package io.ratatoskr.bench;

import java.nio.file.Path;

/** Where things lie; {@code bench/run} says where the repository is. */
final class Home {
  private Home() {}

  static Path repository() {
    return Path.of(System.getProperty("bench.home", ".")).toAbsolutePath().normalize();
  }

  static Path bench(String path) {
    return repository().resolve("bench").resolve(path);
  }
}
