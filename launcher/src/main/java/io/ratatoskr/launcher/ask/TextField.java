package io.ratatoskr.launcher.ask;

import picocli.CommandLine.Option;

/** The option {@code --text-field} of commands whose lines hold a text. */
final class TextField {
  @Option(
      names = "--text-field",
      paramLabel = "NAME",
      defaultValue = "text",
      description = "Field or column with the text. Default: ${DEFAULT-VALUE}")
  private String name = "";

  String name() {
    return name;
  }
}
