package io.ratatoskr.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@code ./ratatoskr} command that serves, as users run it, in a process of its own. */
final class RatatoskrProcess implements AutoCloseable {
  private final Process process;
  private final List<String> said;

  private RatatoskrProcess(Process process, List<String> said) {
    this.process = process;
    this.said = said;
  }

  /**
   * Starts it and waits until it is ready. What it logs goes to a file below target.
   *
   * @param name of the log
   * @param javaOptions of its JVM beside those of the script
   */
  static RatatoskrProcess start(String name, String javaOptions, String... arguments) {
    try {
      Path log = Files.createDirectories(Home.bench("target/logs")).resolve(name + ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command(arguments))
              .directory(Home.repository().toFile())
              .redirectError(ProcessBuilder.Redirect.to(log.toFile()));
      builder.environment().put("RATATOSKR_JAVA_OPTS", javaOptions);
      Process process = builder.start();
      BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
      List<String> said = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("Ready")) {
          Report.progress("ratatoskr " + arguments[0] + " is ready: " + name);
          return new RatatoskrProcess(process, said);
        }
        said.add(line);
      }
      throw new IllegalStateException(
          "'ratatoskr %s' ended; its log is %s".formatted(arguments[0], log));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs one that ends by itself. */
  static void run(String... arguments) {
    try {
      Process process =
          new ProcessBuilder(command(arguments))
              .directory(Home.repository().toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException("'ratatoskr %s' failed".formatted(arguments[0]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Home.repository().resolve("ratatoskr").toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /** What followed a word at the beginning of a line before it was ready; empty if nothing did. */
  String said(String word) {
    return said.stream()
        .filter(line -> line.startsWith(word + " "))
        .map(line -> line.substring(word.length()).strip())
        .findFirst()
        .orElse("");
  }

  long pid() {
    return process.pid();
  }

  /** Processor time that it has taken so far, in seconds. */
  double cpuSeconds() {
    return ProcessFigures.cpuSeconds(process);
  }

  /** Its largest resident set so far; 0 where the system does not tell. */
  long mostMemoryMiB() {
    return ProcessFigures.mostMemoryMiB(process);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
