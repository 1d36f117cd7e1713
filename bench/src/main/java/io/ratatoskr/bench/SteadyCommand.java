package io.ratatoskr.bench;

import io.ratatoskr.allinone.EmbeddedRatatoskr;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "steady",
    description = "Heap and data folder over a long job of short texts.",
    mixinStandardHelpOptions = true)
final class SteadyCommand implements Callable<Integer> {
  @Option(names = "--model", description = "hash: no inference. Default: ${DEFAULT-VALUE}")
  private String model = HashEngine.MODEL;

  @Option(names = "--texts", description = "Default: ${DEFAULT-VALUE}")
  private int count = 1_000_000;

  @Override
  public Integer call() throws Exception {
    Report report =
        new Report(
            "A long job of %,d short texts, %s".formatted(count, model),
            "steady --model %s --texts %d".formatted(model, count),
            "done",
            "heap in use after a collection, MiB",
            "data folder, MiB",
            "its peak since the row before, MiB",
            "texts/s since the row before");
    Path folder = Files.createTempDirectory(Home.bench("target"), "steady-");
    try {
      Path data = folder.resolve("data");
      Path input = texts(folder.resolve("input.jsonl"), count);
      try (EmbeddedRatatoskr ratatoskr = start(data);
          Curve curve = new Curve(data, count, List.of(1, 10, 25, 50, 75, 100))) {
        double seconds = new Job(ratatoskr, model, folder).run(input, "vectors.parquet", curve);
        for (Curve.Reading reading : curve.readings()) {
          report.row(
              reading.percent() + " %",
              reading.heapMiB(),
              reading.folderMiB(),
              reading.peakMiB(),
              Report.number(reading.rate()));
        }
        report.note(
            "%s s in all; broker, router, worker and client share the heap (%d MiB at most)."
                .formatted(Report.number(seconds), Runtime.getRuntime().maxMemory() >> 20));
      }
    } finally {
      Home.delete(folder);
    }
    report.print();
    return 0;
  }

  private EmbeddedRatatoskr start(Path data) throws InterruptedException {
    return model.equals(HashEngine.MODEL)
        ? EmbeddedRatatoskr.start(data, new HashEngine())
        : EmbeddedRatatoskr.start(data, model);
  }

  private static Path texts(Path file, int count) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    try (BufferedWriter lines = Files.newBufferedWriter(file)) {
      for (int i = 0; i < count; i++) {
        lines.write("{\"id\":\"" + i + "\",\"text\":\"" + i);
        for (int word = random.nextInt(2, 9); word > 0; word--) {
          lines.write(" " + Sentences.WORDS.get(random.nextInt(Sentences.WORDS.size())));
        }
        lines.write("\"}\n");
      }
    }
    return file;
  }
}
