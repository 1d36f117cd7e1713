package io.ratatoskr.settings;

import java.nio.file.Path;

/** The place where a value was given. Its text is for people, as in {@code ratatoskr.toml:3:1}. */
public sealed interface Origin {

  /**
   * A place in a file.
   *
   * @param line from 1
   * @param column from 1
   */
  record Line(Path file, int line, int column) implements Origin {
    @Override
    public String toString() {
      return file + ":" + line + ":" + column;
    }
  }

  /** A variable of the environment. */
  record Variable(String name) implements Origin {
    @Override
    public String toString() {
      return "environment variable " + name;
    }
  }

  /**
   * An option of a command.
   *
   * @param text as it was written, such as {@code --set router.threads=3}, or its name alone
   */
  record Argument(String text) implements Origin {
    @Override
    public String toString() {
      return text;
    }
  }

  /** The program itself. */
  record Program() implements Origin {
    @Override
    public String toString() {
      return "the program";
    }
  }
}
