package io.ratatoskr.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "first-vector",
    description = "From starting ./ratatoskr embed \"some text\" to its vector, on a built tree.",
    mixinStandardHelpOptions = true)
final class FirstVectorCommand implements Callable<Integer> {
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
    report
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

  private static double seconds(String... arguments) throws IOException, InterruptedException {
    java.util.List<String> command = new java.util.ArrayList<>();
    command.add(Home.repository().resolve("ratatoskr").toString());
    command.addAll(java.util.List.of(arguments));
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .directory(Home.repository().toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.outputWriter(StandardCharsets.UTF_8).close();
    int first = process.getInputStream().read();
    double seconds = (System.nanoTime() - begin) / 1e9;
    process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0 || first < 0) {
      process.destroyForcibly();
      throw new IllegalStateException("'" + String.join(" ", command) + "' failed");
    }
    return seconds;
  }
}
