package io.ratatoskr.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** What processes have taken of the machine. */
final class ProcessFigures {
  private ProcessFigures() {}

  /** Processor time of a process and its children so far, in seconds; 0 where nobody tells. */
  static double cpuSeconds(Process process) {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .mapToDouble(ProcessFigures::cpuSeconds)
        .sum();
  }

  /** Processor time of this process. */
  static double cpuSeconds() {
    return cpuSeconds(ProcessHandle.current());
  }

  private static double cpuSeconds(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  /** The largest resident set of a process so far; 0 where the system does not tell. */
  static long mostMemoryMiB(Process process) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/%d/status".formatted(process.pid())))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }
}
