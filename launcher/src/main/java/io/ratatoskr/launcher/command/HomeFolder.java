package io.ratatoskr.launcher.command;

import java.nio.file.Path;

/** The user's own folder, which not every user of a container has. */
public final class HomeFolder {
  private HomeFolder() {}

  /**
   * A folder below it.
   *
   * @param option names another folder
   * @throws IllegalArgumentException naming the option if the user has no home folder
   */
  public static Path resolve(String below, String option) {
    return resolve(Path.of(System.getProperty("user.home", "?")), below, option);
  }

  /** Java says {@code ?} where it finds none. */
  static Path resolve(Path home, String below, String option) {
    if (!home.isAbsolute()) {
      throw new IllegalArgumentException(
          option
              + ": name a folder; this user has no home folder to put it in, and HOME is not set");
    }
    return home.resolve(below);
  }
}
