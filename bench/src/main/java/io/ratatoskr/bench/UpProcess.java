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

/** {@code ./ratatoskr up} as users run it, in a process and a data folder of its own. */
final class UpProcess implements AutoCloseable {
  private final Process process;
  private final Path folder;
  private final String bootstrap;

  private UpProcess(Process process, Path folder, String bootstrap) {
    this.process = process;
    this.folder = folder;
    this.bootstrap = bootstrap;
  }

  static UpProcess start(String model) {
    try {
      Path log = Files.createDirectories(Home.bench("target/logs")).resolve("up.log");
      Path folder = Files.createTempDirectory(Home.bench("target"), "up-");
      List<String> command =
          List.of(
              Home.repository().resolve("ratatoskr").toString(),
              "up",
              "--port=0",
              "--kafka-port=0",
              "--model=" + model,
              "--data=" + folder.resolve("data"));
      Process process =
          new ProcessBuilder(command)
              .directory(Home.repository().toFile())
              .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
              .start();
      BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
      String bootstrap = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("Kafka ")) {
          bootstrap = line.substring("Kafka ".length()).strip();
        }
        if (line.startsWith("Ready")) {
          Report.progress("ratatoskr up serves on " + bootstrap);
          return new UpProcess(process, folder, bootstrap);
        }
      }
      throw new IllegalStateException("'ratatoskr up' ended; its log is " + log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String bootstrap() {
    return bootstrap;
  }

  /** The names of its threads that contain {@code part}, by the JDK's own tool. */
  long threads(String part) {
    try {
      Process dump =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(process.pid()),
                  "Thread.print")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      List<String> lines = new ArrayList<>();
      try (BufferedReader reader = dump.inputReader(StandardCharsets.UTF_8)) {
        reader.lines().filter(line -> line.startsWith("\"")).forEach(lines::add);
      }
      return lines.stream().filter(line -> line.contains(part)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
      Home.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
