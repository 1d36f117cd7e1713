package io.ratatoskr.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code ./ratatoskr up} as users run it, in a process and a data folder of its own. */
final class UpProcess implements AutoCloseable {
  private final RatatoskrProcess process;
  private final Path folder;

  private UpProcess(RatatoskrProcess process, Path folder) {
    this.process = process;
    this.folder = folder;
  }

  /** One that serves this model of its own, and what further arguments name. */
  static UpProcess start(String model, String... further) {
    try {
      Path folder = Files.createTempDirectory(Home.bench("target"), "up-");
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "up",
                  "--port=0",
                  "--kafka-port=0",
                  "--model=" + model,
                  "--data=" + folder.resolve("data")));
      arguments.addAll(List.of(further));
      return new UpProcess(
          RatatoskrProcess.start("up", "", arguments.toArray(String[]::new)), folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String bootstrap() {
    return process.said("Kafka");
  }

  /** Processor time that it has taken so far, in seconds. */
  double cpuSeconds() {
    return process.cpuSeconds();
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
    process.close();
    try {
      Home.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
