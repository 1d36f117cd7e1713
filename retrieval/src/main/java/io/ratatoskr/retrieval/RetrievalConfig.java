package io.ratatoskr.retrieval;

import io.ratatoskr.client.RequestOptions;
import java.time.Duration;

/**
 * The configuration of retrieval.
 *
 * @param embedModel model that embeds queries; must be of the corpus' vector space
 * @param nliModel model that judges pairs
 * @param judging which queries' candidates the NLI model judges
 * @param depth how many candidates and hits
 * @param filter which candidates are let through
 * @param nliWeight weight of entailment in the fused score, 0 to 1
 * @param load how much is done at once
 * @param options how requests travel; embedding a query and judging its candidates have the timeout
 *     each, questions that are asked again included
 */
public record RetrievalConfig(
    String embedModel,
    String nliModel,
    Judging judging,
    Depth depth,
    Filter filter,
    double nliWeight,
    Load load,
    RequestOptions options) {

  /**
   * The numbers of texts for one query.
   *
   * @param top candidates: texts that are nearest, 1 to 10,000
   * @param keep hits, 1 to {@code top}
   */
  public record Depth(int top, int keep) {
    public Depth {
      require("top", top, 1, 10_000);
      require("nli-keep", keep, 1, top);
    }
  }

  /**
   * The filter of judged candidates.
   *
   * @param policy what is looked at
   * @param threshold probability that it is compared with, 0 to 1
   */
  public record Filter(Policy policy, double threshold) {
    public Filter {
      require("threshold", threshold, 0, 1);
    }

    boolean keeps(Judgement judgement) {
      return policy.keeps(judgement, threshold);
    }
  }

  /**
   * The bounds of what is done at once.
   *
   * @param inFlight queries under way, 1 to 10,000; each holds its candidates' texts
   * @param waiting further queries that may wait, 0 to 10,000,000
   * @param searchThreads threads that search, 1 to 256
   */
  public record Load(int inFlight, int waiting, int searchThreads) {
    public Load {
      require("queries in flight", inFlight, 1, 10_000);
      require("waiting", waiting, 0, 10_000_000);
      require("search-threads", searchThreads, 1, 256);
    }
  }

  public RetrievalConfig {
    if (embedModel.isBlank() || nliModel.isBlank()) {
      throw new IllegalArgumentException("model and nli-model: name one each");
    }
    require("nli-weight", nliWeight, 0, 1);
  }

  private static void require(String key, double value, double from, double to) {
    if (!(value >= from && value <= to)) {
      throw new IllegalArgumentException(
          "%s: must be %s to %s, is %s".formatted(key, number(from), number(to), number(value)));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /**
   * Claims are judged; 100 candidates, the best 10 of all, a weight of 0.2, 64 queries under way
   * and 100,000 waiting, one thread that searches, the interactive lane with a minute's timeout.
   * How good these are for questions and for claims is measured: {@code bench/run judged}.
   */
  public static RetrievalConfig of(String embedModel, String nliModel) {
    return new RetrievalConfig(
        embedModel,
        nliModel,
        Judging.CLAIMS,
        new Depth(100, 10),
        new Filter(Policy.ALL, 0.5),
        0.2,
        new Load(64, 100_000, 1),
        RequestOptions.defaults().withTimeout(Duration.ofMinutes(1)));
  }

  public RetrievalConfig withJudging(Judging newJudging) {
    return new RetrievalConfig(
        embedModel, nliModel, newJudging, depth, filter, nliWeight, load, options);
  }

  /** Candidates and hits to a query. */
  public RetrievalConfig withTop(int top, int keep) {
    return new RetrievalConfig(
        embedModel, nliModel, judging, new Depth(top, keep), filter, nliWeight, load, options);
  }

  public RetrievalConfig withPolicy(Policy policy, double threshold) {
    return new RetrievalConfig(
        embedModel,
        nliModel,
        judging,
        depth,
        new Filter(policy, threshold),
        nliWeight,
        load,
        options);
  }

  public RetrievalConfig withNliWeight(double newNliWeight) {
    return new RetrievalConfig(
        embedModel, nliModel, judging, depth, filter, newNliWeight, load, options);
  }

  /** Queries under way, and those that may wait besides. */
  public RetrievalConfig withInFlight(int inFlight, int waiting) {
    Load newLoad = new Load(inFlight, waiting, load.searchThreads);
    return new RetrievalConfig(
        embedModel, nliModel, judging, depth, filter, nliWeight, newLoad, options);
  }

  public RetrievalConfig withOptions(RequestOptions newOptions) {
    return new RetrievalConfig(
        embedModel, nliModel, judging, depth, filter, nliWeight, load, newOptions);
  }
}
