package io.ratatoskr.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a figure was measured on.
 *
 * @param processor its name and the vector instructions that matter to inference
 * @param cores processors that this JVM may use
 * @param memoryBytes of the machine
 * @param load load average of the last minute, before anything was started; an idle machine has
 *     about 0, and a busy one gives no figures worth keeping
 */
record Machine(String processor, int cores, long memoryBytes, double load) {
  private static final List<String> INSTRUCTIONS =
      List.of("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8");

  static Machine now() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    long memory =
        system instanceof com.sun.management.OperatingSystemMXBean known
            ? known.getTotalMemorySize()
            : 0;
    return new Machine(
        cpu(), system.getAvailableProcessors(), memory, system.getSystemLoadAverage());
  }

  private static String cpu() {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(info)) {
      return System.getProperty("os.arch");
    }
    try (Stream<String> lines = Files.lines(info)) {
      List<String> all = lines.toList();
      String flags = " " + value(all, "flags") + " ";
      return Stream.concat(
              Stream.of(value(all, "model name")),
              INSTRUCTIONS.stream().filter(name -> flags.contains(" " + name + " ")))
          .collect(java.util.stream.Collectors.joining(" "));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  private static String value(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %.0f GiB, %s, Java %s, %s, load %.2f before the start",
        processor,
        cores,
        memoryBytes / (double) (1L << 30),
        System.getProperty("os.name"),
        Runtime.version(),
        LocalDate.now(ZoneOffset.UTC),
        load);
  }
}
