package io.ratatoskr.bench;

import io.ratatoskr.allinone.EmbeddedRatatoskr;
import io.ratatoskr.bulk.ProgressListener;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.formats.VectorFile;
import io.ratatoskr.retrieval.Candidate;
import io.ratatoskr.retrieval.CorpusConfig;
import io.ratatoskr.retrieval.CorpusIndex;
import io.ratatoskr.retrieval.IndexKind;
import io.ratatoskr.retrieval.Judging;
import io.ratatoskr.retrieval.Query;
import io.ratatoskr.retrieval.Retrieval;
import io.ratatoskr.retrieval.RetrievalConfig;
import io.ratatoskr.retrieval.StageTimes;
import io.ratatoskr.retrieval.TwoStageRetrieval;
import io.ratatoskr.schemas.Float32;
import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Lane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "retrieve",
    description = "Two-stage retrieval: recall of both indexes, queries/s, overlap, heap.",
    mixinStandardHelpOptions = true)
final class RetrieveCommand implements Callable<Integer> {
  private static final int[] MARKS = {10, 50, 100};

  @Option(names = "--documents", description = "Default: ${DEFAULT-VALUE}")
  private int documents = 5_000;

  @Option(names = "--queries", description = "Default: ${DEFAULT-VALUE}")
  private int queries = 300;

  @Option(names = "--top", description = "Candidates to a query. Default: ${DEFAULT-VALUE}")
  private int top = 100;

  @Option(names = "--model", description = "Default: ${DEFAULT-VALUE}")
  private String model = EmbeddedRatatoskr.ALL_MINILM_L6_V2;

  @Option(names = "--nli-model", description = "Default: ${DEFAULT-VALUE}")
  private String nliModel = EmbeddedRatatoskr.NLI_MINILM_L6;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Report report =
        new Report(
            "Two-stage retrieval, %,d queries × %d candidates over %,d documents"
                .formatted(queries, top, documents),
            "retrieve --documents %d --queries %d --top %d --model %s --nli-model %s"
                .formatted(documents, queries, top, model, nliModel),
            "what",
            "value");
    Path folder = Files.createTempDirectory(Home.bench("target"), "retrieve-");
    try (Ratatoskr ratatoskr = EmbeddedRatatoskr.start(folder.resolve("data"), model, nliModel)) {
      List<String> lines = Corpus.lines(Home.bench(Corpus.UP_TO_256), documents + queries);
      if (lines.size() < documents + queries) {
        throw new IllegalArgumentException("the corpus has only " + lines.size() + " texts");
      }
      Path texts = Files.write(folder.resolve("texts.jsonl"), lines.subList(0, documents));
      double seconds =
          new Job(ratatoskr, model, folder).run(texts, "vectors.parquet", ProgressListener.none());
      Report.progress("%d documents embedded in %.0f s".formatted(documents, seconds));
      // Texts that are not in the corpus, by their first sentences.
      List<String> asked =
          lines.subList(documents, lines.size()).stream()
              .map(line -> sentence(Corpus.text(line)))
              .toList();
      CorpusConfig corpus = CorpusConfig.of(folder.resolve("vectors.parquet"), texts);
      indexes(report, corpus, vectors(ratatoskr, asked));
      retrieve(report, ratatoskr, corpus, asked);
    } finally {
      Home.delete(folder);
    }
    report
        .note("Queries are the first sentences of texts that are not in the corpus.")
        .note("Brute force: cosines of all pairs in double precision, computed here.")
        .note(
            "Overlap: wall time ÷ sum of the times in which each stage had any query; 1 where"
                + " stages take turns.")
        .print();
    return 0;
  }

  private static String sentence(String text) {
    int end = text.indexOf(". ");
    String first = end > 20 ? text.substring(0, end + 1) : text;
    return first.substring(0, Math.min(first.length(), 300)).strip();
  }

  private List<float[]> vectors(Ratatoskr ratatoskr, List<String> asked) {
    List<float[]> vectors = new ArrayList<>();
    for (int from = 0; from < asked.size(); from += 32) {
      EmbedRequest request =
          EmbedRequest.of(model, asked.subList(from, Math.min(asked.size(), from + 32)))
              .withInputType(InputType.QUERY)
              .withOptions(RequestOptions.defaults().withTimeout(Duration.ofMinutes(5)));
      vectors.addAll(ratatoskr.embed(request).join().vectors());
    }
    return vectors;
  }

  private void indexes(Report report, CorpusConfig corpus, List<float[]> asked) {
    Map<String, float[]> all = new HashMap<>();
    try (VectorFile file = VectorFile.open(corpus.vectors())) {
      for (VectorFile.Embedding row = file.next(); row != null; row = file.next()) {
        all.put(row.id(), row.vector());
      }
    }
    double[] last =
        asked.parallelStream().mapToDouble(query -> lastCosine(all.values(), query)).toArray();
    for (IndexKind kind : new IndexKind[] {IndexKind.EXACT, IndexKind.HNSW}) {
      String name = kind.name().toLowerCase(Locale.ROOT);
      long begin = System.nanoTime();
      try (CorpusIndex index = CorpusIndex.open(corpus.withKind(kind), Report::progress)) {
        report.row(name + ": seconds to index", Report.number((System.nanoTime() - begin) / 1e9));
        int found = 0;
        int wanted = 0;
        double[] millis = new double[asked.size()];
        for (int i = 0; i < asked.size(); i++) {
          long asking = System.nanoTime();
          List<Candidate> candidates = index.nearest(asked.get(i), top);
          millis[i] = (System.nanoTime() - asking) / 1e6;
          wanted += Math.min(top, all.size());
          for (Candidate candidate : candidates) {
            // Computed again, and with room for what 32-bit arithmetic loses between equals.
            double cosine =
                Float32.cosine(all.getOrDefault(candidate.id(), new float[0]), asked.get(i));
            found += cosine >= last[i] - 1e-6 ? 1 : 0;
          }
        }
        report.row(
            "%s: recall@%d of brute force".formatted(name, top),
            String.format(Locale.ROOT, "%.4f", (double) found / wanted));
        report.row(
            name + ": ms a search, texts read, median (range)", new Samples(millis).toString());
      }
    }
  }

  /** The cosine of the last of the nearest. */
  private double lastCosine(Collection<float[]> all, float[] query) {
    double[] cosines =
        all.stream().mapToDouble(vector -> Float32.cosine(vector, query)).sorted().toArray();
    return cosines[Math.max(0, cosines.length - top)];
  }

  private void retrieve(Report report, Ratatoskr ratatoskr, CorpusConfig corpus, List<String> asked)
      throws InterruptedException {
    RetrievalConfig config =
        RetrievalConfig.of(model, nliModel)
            .withJudging(Judging.ALWAYS)
            .withTop(top, Math.min(10, top))
            .withOptions(
                RequestOptions.defaults().withLane(Lane.BULK).withTimeout(Duration.ofHours(1)));
    try (CorpusIndex index = CorpusIndex.open(corpus.withKind(IndexKind.EXACT), Report::progress);
        TwoStageRetrieval stages = TwoStageRetrieval.open(ratatoskr, index, config).join()) {
      AtomicLong hits = new AtomicLong();
      AtomicLong pairs = new AtomicLong();
      AtomicLong unjudged = new AtomicLong();
      Semaphore answered = new Semaphore(0);
      List<String> heaps = new ArrayList<>();
      long collecting = 0;
      long begin = System.nanoTime();
      List<CompletableFuture<Void>> answers = new ArrayList<>();
      for (int i = 0; i < asked.size(); i++) {
        answers.add(
            stages
                .retrieve(new Query("q" + i, asked.get(i)))
                .thenAccept(found -> count(found, hits, pairs, unjudged))
                .whenComplete((_, _) -> answered.release()));
      }
      int done = 0;
      for (int mark : MARKS) {
        int until = asked.size() * mark / 100;
        answered.acquire(until - done);
        done = until;
        long stop = System.nanoTime();
        heaps.add(heapMiB() + " at " + mark + " %");
        collecting += System.nanoTime() - stop;
        Report.progress("%d of %d queries".formatted(done, asked.size()));
      }
      answers.forEach(CompletableFuture::join);
      Duration wall = Duration.ofNanos(System.nanoTime() - begin);
      double seconds = wall.toNanos() / 1e9;
      report.row("seconds in all, collections of garbage included", Report.number(seconds));
      report.row("seconds of these collections", Report.number(collecting / 1e9));
      report.row("queries/s", Report.number(asked.size() / seconds));
      report.row("pairs judged a second", Report.number(pairs.get() / seconds));
      report.row("hits", hits.get());
      report.row("candidates that could not be judged", unjudged.get());
      for (StageTimes.Stage stage : StageTimes.Stage.values()) {
        StageTimes.Summary summary = stages.times().summary(stage);
        report.row(
            stage.name().toLowerCase(Locale.ROOT) + ": median ms a query; busy seconds",
            Report.number(summary.median().toNanos() / 1e6)
                + "; "
                + Report.number(summary.busy().toNanos() / 1e9));
      }
      report.row("overlap", Report.number(stages.times().overlap(wall)));
      report.row("heap in use after a collection, MiB", String.join(", ", heaps));
    }
  }

  private static void count(
      Retrieval found, AtomicLong hits, AtomicLong pairs, AtomicLong unjudged) {
    hits.addAndGet(found.hits().size());
    pairs.addAndGet(found.candidates());
    unjudged.addAndGet(found.unjudged());
  }

  private static long heapMiB() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }
}
