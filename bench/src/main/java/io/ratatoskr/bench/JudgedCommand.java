package io.ratatoskr.bench;

import io.ratatoskr.allinone.EmbeddedRatatoskr;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.retrieval.Candidate;
import io.ratatoskr.retrieval.CorpusConfig;
import io.ratatoskr.retrieval.CorpusIndex;
import io.ratatoskr.retrieval.Fusion;
import io.ratatoskr.retrieval.Hit;
import io.ratatoskr.retrieval.IndexKind;
import io.ratatoskr.retrieval.Judgement;
import io.ratatoskr.retrieval.Judging;
import io.ratatoskr.retrieval.Policy;
import io.ratatoskr.retrieval.Query;
import io.ratatoskr.retrieval.Retrieval;
import io.ratatoskr.retrieval.RetrievalConfig;
import io.ratatoskr.retrieval.TwoStageRetrieval;
import io.ratatoskr.schemas.Lane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleBiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "judged",
    description =
        "What two-stage retrieval finds of what it should: each stage, policy and weight.",
    mixinStandardHelpOptions = true)
final class JudgedCommand implements Callable<Integer> {
  private static final double[] WEIGHTS = {0.05, 0.1, 0.2, 0.3, 0.5};

  @Option(
      names = "--cranfield",
      paramLabel = "FOLDER",
      description =
          "With cran.all.1400, cran.qry and cranqrel of the Cranfield collection. Default: the "
              + "claims of bench/judged alone.")
  private @Nullable Path cranfield;

  @Option(names = "--top", description = "Candidates to a query. Default: ${DEFAULT-VALUE}")
  private int top = 100;

  @Option(names = "--model", description = "Default: ${DEFAULT-VALUE}")
  private String model = EmbeddedRatatoskr.ALL_MINILM_L6_V2;

  @Option(names = "--nli-model", description = "Default: ${DEFAULT-VALUE}")
  private String nliModel = EmbeddedRatatoskr.NLI_MINILM_L6;

  @Override
  public Integer call() throws IOException {
    List<JudgedCollection> collections = new ArrayList<>();
    collections.add(JudgedCollection.claims(Home.bench("judged/claims.txt")));
    if (cranfield != null) {
      collections.add(JudgedCollection.cranfield(cranfield));
    }
    Path folder = Files.createTempDirectory(Home.bench("target"), "judged-");
    try (Ratatoskr ratatoskr = EmbeddedRatatoskr.start(folder.resolve("data"), model, nliModel)) {
      for (JudgedCollection collection : collections) {
        Path own = Files.createDirectory(folder.resolve(collection.name()));
        report(collection, judge(ratatoskr, collection, own)).print();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 130;
    } finally {
      Home.delete(folder);
    }
    return 0;
  }

  /** Each query's candidates with what the NLI model says of them, nearest first. */
  private Map<Query, List<Hit>> judge(Ratatoskr ratatoskr, JudgedCollection collection, Path folder)
      throws IOException {
    List<String> lines = new ArrayList<>();
    collection
        .texts()
        .forEach((id, text) ->
            lines.add(JsonMapper.shared().writeValueAsString(Map.of("id", id, "text", text))));
    Path texts = Files.write(folder.resolve("texts.jsonl"), lines);
    new Job(ratatoskr, model, folder).runTruncating(texts, "vectors.parquet");
    Report.progress("%s: %,d texts embedded".formatted(collection.name(), lines.size()));
    RetrievalConfig config =
        defaults()
            .withTop(top, top)
            .withJudging(Judging.ALWAYS)
            .withPolicy(Policy.ALL, 0)
            .withNliWeight(0)
            .withOptions(
                RequestOptions.defaults().withLane(Lane.BULK).withTimeout(Duration.ofHours(1)));
    Map<Query, List<Hit>> judged = new LinkedHashMap<>();
    try (CorpusIndex index =
            CorpusIndex.open(
                CorpusConfig.of(folder.resolve("vectors.parquet"), texts).withKind(IndexKind.EXACT),
                Report::progress);
        TwoStageRetrieval stages = TwoStageRetrieval.open(ratatoskr, index, config).join()) {
      List<CompletableFuture<Retrieval>> answers =
          collection.queries().stream().map(stages::retrieve).toList();
      for (CompletableFuture<Retrieval> answer : answers) {
        Retrieval found = answer.join();
        if (found.unjudged() > 0) {
          throw new IllegalStateException(found.unjudged() + " candidates could not be judged");
        }
        judged.put(found.query(), found.hits());
        if (judged.size() % 10 == 0) {
          Report.progress("%d of %d queries judged".formatted(judged.size(), answers.size()));
        }
      }
    }
    return judged;
  }

  private RetrievalConfig defaults() {
    return RetrievalConfig.of(model, nliModel);
  }

  private Report report(JudgedCollection collection, Map<Query, List<Hit>> judged) {
    long claims = collection.queries().stream().filter(Query::isClaim).count();
    Report report =
        new Report(
            "Judged: %s, %,d queries (%d of them claims by their form), %,d texts"
                .formatted(
                    collection.name(),
                    collection.queries().size(),
                    claims,
                    collection.texts().size()),
            "judged%s --top %d --model %s --nli-model %s"
                .formatted(cranfield == null ? "" : " --cranfield FOLDER", top, model, nliModel),
            "judged queries",
            "policy",
            "weight",
            "nDCG@10, tuned on",
            "MRR, tuned on",
            "nDCG@10, held out",
            "MRR, held out",
            "recall@" + top + ", held out");
    row(report, collection, judged, "none: the first stage alone", never());
    row(report, collection, judged, "the defaults: claims", defaults());
    for (Policy policy : Policy.values()) {
      for (double weight : WEIGHTS) {
        RetrievalConfig config =
            defaults().withJudging(Judging.ALWAYS).withPolicy(policy, 0.5).withNliWeight(weight);
        row(report, collection, judged, "all", config);
      }
    }
    return report
        .note("Policies with a threshold have 0.5.")
        .note(
            "Tuned on: the queries of odd subjects or numbers, by which the defaults may be chosen;"
                + " held out: the others.");
  }

  private RetrievalConfig never() {
    return defaults().withJudging(Judging.NEVER);
  }

  private void row(
      Report report,
      JudgedCollection collection,
      Map<Query, List<Hit>> judged,
      String queries,
      RetrievalConfig wanted) {
    RetrievalConfig config = wanted.withTop(top, top);
    Map<Query, List<String>> ids = new HashMap<>();
    judged.forEach((query, hits) -> ids.put(query, ranked(config, query, hits)));
    boolean asked = config.judging() != Judging.NEVER;
    report.row(
        queries,
        asked ? config.filter().policy().name().toLowerCase(Locale.ROOT).replace('_', '-') : "",
        asked ? Report.number(config.nliWeight()) : "",
        mean(collection.half(false), ids, collection::ndcg),
        mean(collection.half(false), ids, collection::reciprocalRank),
        mean(collection.half(true), ids, collection::ndcg),
        mean(collection.half(true), ids, collection::reciprocalRank),
        mean(collection.half(true), ids, collection::recall));
  }

  /** What the product makes of these candidates with that configuration. */
  private static List<String> ranked(RetrievalConfig config, Query query, List<Hit> hits) {
    List<Candidate> candidates = hits.stream().map(Hit::candidate).toList();
    List<Judgement> judgements =
        config.judging().judges(query)
            ? hits.stream().map(Hit::judgement).toList()
            : Collections.nCopies(hits.size(), new Judgement.NotAsked());
    return new Fusion(config)
        .hits(candidates, judgements).stream().map(hit -> hit.candidate().id()).toList();
  }

  private static String mean(
      List<Query> queries,
      Map<Query, List<String>> ids,
      ToDoubleBiFunction<Query, List<String>> measure) {
    return String.format(
        Locale.ROOT,
        "%.3f",
        queries.stream()
            .mapToDouble(query -> measure.applyAsDouble(query, ids.getOrDefault(query, List.of())))
            .average()
            .orElseThrow());
  }
}
