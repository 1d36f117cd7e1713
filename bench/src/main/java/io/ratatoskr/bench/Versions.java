package io.ratatoskr.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;

/** What is on this class path. */
final class Versions {
  private Versions() {}

  /** Version of an artifact by the name of its jar; "?" where it is no jar. */
  static String of(String artifact) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).getFileName().toString())
        .filter(name -> name.matches(artifact + "-\\d.*\\.jar"))
        .map(name -> name.substring(artifact.length() + 1, name.length() - ".jar".length()))
        .findFirst()
        .orElse("?");
  }
}
