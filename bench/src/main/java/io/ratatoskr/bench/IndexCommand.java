package io.ratatoskr.bench;

import io.ratatoskr.retrieval.Candidate;
import io.ratatoskr.retrieval.CorpusConfig;
import io.ratatoskr.retrieval.CorpusIndex;
import io.ratatoskr.retrieval.IndexKind;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "index",
    description = "Exact search beside HNSW, by size of the corpus: seconds to build, ms a search.",
    mixinStandardHelpOptions = true)
final class IndexCommand implements Callable<Integer> {
  private static final int CENTRES = 200;
  private static final float SPREAD = 0.7f;

  @Option(names = "--sizes", split = ",", description = "Texts. Default: ${DEFAULT-VALUE}")
  private int[] sizes = {5_000, 20_000, 50_000, 100_000};

  @Option(names = "--queries", description = "Default: ${DEFAULT-VALUE}")
  private int queries = 200;

  @Option(names = "--top", description = "Candidates to a query. Default: ${DEFAULT-VALUE}")
  private int top = 100;

  @Option(names = "--dimensions", description = "Default: ${DEFAULT-VALUE}")
  private int dimensions = 384;

  /** What one kind of index took, and the ids that it found for each query. */
  private record Measured(double buildSeconds, Samples millis, List<Set<String>> found) {}

  @Override
  public Integer call() throws IOException {
    Report report =
        new Report(
            "Exact search and HNSW, %d dimensions, %d nearest".formatted(dimensions, top),
            "index --sizes %s --queries %d --top %d --dimensions %d"
                .formatted(
                    Arrays.stream(sizes)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(",")),
                    queries,
                    top,
                    dimensions),
            "texts",
            "exact: s to build",
            "exact: ms a search, median (range)",
            "HNSW: s to build",
            "HNSW: ms a search, median (range)",
            "HNSW: recall@" + top,
            "searches after which the graph has paid for itself");
    for (int size : sizes) {
      measure(report, size);
    }
    report
        .note(
            "Points around %d centres, unevenly popular, with a cosine of about %.2f to others of"
                    .formatted(CENTRES, 1 / (1 + SPREAD * SPREAD))
                + " their centre; queries are further such points. Without a structure within a"
                + " centre they are harder for a graph than texts are.")
        .note(
            "Built from JSON lines, which both read; the exact index includes that of the texts,"
                + " a few words each.")
        .note("One thread searches; all queries are asked once before they are measured.")
        .print();
    return 0;
  }

  private void measure(Report report, int size) throws IOException {
    Path folder = Files.createTempDirectory(Home.bench("target"), "index-");
    try {
      SplittableRandom random = new SplittableRandom(size);
      float[][] centres = new float[CENTRES][];
      Arrays.setAll(centres, _ -> gaussian(random));
      CorpusConfig corpus = write(folder, size, random, centres);
      List<float[]> asked = new ArrayList<>();
      while (asked.size() < queries) {
        asked.add(point(random, centres));
      }
      Measured exact = measured(corpus.withKind(IndexKind.EXACT), asked);
      Measured graph = measured(corpus.withKind(IndexKind.HNSW), asked);
      int shared = 0;
      for (int i = 0; i < queries; i++) {
        Set<String> both = new HashSet<>(graph.found.get(i));
        both.retainAll(exact.found.get(i));
        shared += both.size();
      }
      double saved = exact.millis.median() - graph.millis.median();
      report.row(
          String.format(Locale.ROOT, "%,d", size),
          Report.number(exact.buildSeconds),
          exact.millis,
          Report.number(graph.buildSeconds),
          graph.millis,
          String.format(Locale.ROOT, "%.4f", (double) shared / ((long) queries * top)),
          saved <= 0
              ? "never"
              : String.format(
                  Locale.ROOT, "%,.0f", (graph.buildSeconds - exact.buildSeconds) * 1e3 / saved));
    } finally {
      Home.delete(folder);
    }
  }

  private CorpusConfig write(Path folder, int size, SplittableRandom random, float[][] centres)
      throws IOException {
    Path vectors = folder.resolve("vectors.jsonl");
    Path texts = folder.resolve("texts.jsonl");
    try (BufferedWriter vectorLines = Files.newBufferedWriter(vectors);
        BufferedWriter textLines = Files.newBufferedWriter(texts)) {
      for (int i = 0; i < size; i++) {
        vectorLines.write(
            "{\"id\":\"%d\",\"embedding\":%s,\"model\":\"random\",\"space_id\":\"random\"}\n"
                .formatted(i, Arrays.toString(point(random, centres))));
        textLines.write("{\"id\":\"%d\",\"text\":\"text number %d\"}\n".formatted(i, i));
      }
    }
    Report.progress("%,d points written".formatted(size));
    return CorpusConfig.of(vectors, texts);
  }

  private float[] point(SplittableRandom random, float[][] centres) {
    double popularity = random.nextDouble();
    float[] centre = centres[(int) (popularity * popularity * centres.length)];
    float[] point = gaussian(random);
    for (int i = 0; i < point.length; i++) {
      point[i] = centre[i] + SPREAD * point[i];
    }
    return point;
  }

  private float[] gaussian(SplittableRandom random) {
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private Measured measured(CorpusConfig corpus, List<float[]> asked) {
    long begin = System.nanoTime();
    try (CorpusIndex index = CorpusIndex.open(corpus, Report::progress)) {
      double buildSeconds = (System.nanoTime() - begin) / 1e9;
      asked.forEach(query -> index.nearest(query, top));
      double[] millis = new double[asked.size()];
      List<Set<String>> found = new ArrayList<>();
      for (int i = 0; i < millis.length; i++) {
        long asking = System.nanoTime();
        List<Candidate> candidates = index.nearest(asked.get(i), top);
        millis[i] = (System.nanoTime() - asking) / 1e6;
        found.add(candidates.stream().map(Candidate::id).collect(Collectors.toSet()));
      }
      return new Measured(buildSeconds, new Samples(millis), found);
    }
  }
}
