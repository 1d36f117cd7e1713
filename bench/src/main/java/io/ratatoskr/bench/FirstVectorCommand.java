package io.ratatoskr.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "first-vector",
    description = "From starting ./ratatoskr embed \"some text\" to its vector, on a built tree.",
    mixinStandardHelpOptions = true)
final class FirstVectorCommand implements Callable<Integer> {
  private static final Pattern PHASE = Pattern.compile("StartPhases - (\\d+) ms: (.*)");

  @Option(names = "--rounds", description = "Default: ${DEFAULT-VALUE}")
  private int rounds = 7;

  @Option(names = "--model", description = "Default: ${DEFAULT-VALUE}")
  private String model = "all-minilm-l6-v2";

  @Override
  public Integer call() throws IOException, InterruptedException {
    seconds("--help"); // builds where needed
    Report report =
        new Report(
            "Time to the first vector",
            "first-vector --rounds " + rounds + " --model " + model,
            "run",
            "seconds: median (range)",
            "times");
    report.row("`./ratatoskr --help`: script and JVM", many("--help"), rounds);
    report.row(
        "`./ratatoskr embed \"some text\"`: first output, all in one JVM",
        many("embed", "--model", model, "some text"),
        rounds);
    phases().forEach((phase, times) -> report.row("reached within it: " + phase, times, rounds));
    report
        .note(
            "What is reached within it counts from the start of the script, in runs of their own"
                + " with --debug; models load beside the broker's start.")
        .note("The first embed of all runs is left out: it fills the model cache.")
        .note("Seconds from starting the script until it prints the vector's first byte.")
        .print();
    return 0;
  }

  private Samples many(String... arguments) throws IOException, InterruptedException {
    seconds(arguments);
    double[] all = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      all[i] = seconds(arguments);
      Report.progress("%s: %s s".formatted(String.join(" ", arguments), Report.number(all[i])));
    }
    return new Samples(all);
  }

  /** When the launcher says that its parts were ready, in the order of their first run. */
  private Map<String, Samples> phases() throws IOException, InterruptedException {
    Map<String, List<Double>> times = new LinkedHashMap<>();
    for (int i = 0; i < rounds; i++) {
      Process process =
          new ProcessBuilder(command("embed", "--debug", "--model", model, "some text"))
              .directory(Home.repository().toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.outputWriter(StandardCharsets.UTF_8).close();
      for (String line : process.errorReader(StandardCharsets.UTF_8).lines().toList()) {
        Matcher phase = PHASE.matcher(line);
        if (phase.find()) {
          times
              .computeIfAbsent(phase.group(2), _ -> new ArrayList<>())
              .add(Integer.parseInt(phase.group(1)) / 1e3);
        }
      }
      ended(process);
    }
    Map<String, Samples> samples = new LinkedHashMap<>();
    times.forEach((phase, all) ->
        samples.put(phase, new Samples(all.stream().mapToDouble(Double::doubleValue).toArray())));
    return samples;
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Home.repository().resolve("ratatoskr").toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private static void ended(Process process) throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException("the command has not ended well: " + process.info());
    }
  }

  private static double seconds(String... arguments) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(command(arguments))
            .directory(Home.repository().toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.outputWriter(StandardCharsets.UTF_8).close();
    int first = process.getInputStream().read();
    double seconds = (System.nanoTime() - begin) / 1e9;
    process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
    ended(process);
    if (first < 0) {
      throw new IllegalStateException("no output of " + List.of(arguments));
    }
    return seconds;
  }
}
