package io.ratatoskr.retrieval;

import io.ratatoskr.client.RequestOptions;
import java.time.Duration;

/**
 * How queries are answered.
 *
 * @param embedModel model that embeds queries; must be of the corpus' vector space
 * @param nliModel model that judges pairs
 * @param top candidates to a query: texts that are nearest, 1 to 10,000
 * @param keep hits to a query, 1 to {@code top}
 * @param policy which candidates are let through
 * @param threshold probability that the policy compares with, 0 to 1
 * @param nliWeight weight of entailment in the fused score, 0 to 1
 * @param inFlight queries under way at once, 1 to 10,000; each holds its candidates' texts
 * @param waiting further queries that may wait, 0 to 10,000,000
 * @param searchThreads threads that search, 1 to 256
 * @param options how requests travel; each request of a query has the timeout for itself
 */
public record RetrievalConfig(
    String embedModel,
    String nliModel,
    int top,
    int keep,
    Policy policy,
    double threshold,
    double nliWeight,
    int inFlight,
    int waiting,
    int searchThreads,
    RequestOptions options) {

  public RetrievalConfig {
    if (embedModel.isBlank() || nliModel.isBlank()) {
      throw new IllegalArgumentException("model and nli-model: name one each");
    }
    require("top", top, 1, 10_000);
    require("nli-keep", keep, 1, top);
    require("threshold", threshold, 0, 1);
    require("nli-weight", nliWeight, 0, 1);
    require("queries in flight", inFlight, 1, 10_000);
    require("waiting", waiting, 0, 10_000_000);
    require("search-threads", searchThreads, 1, 256);
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
   * 100 candidates, the best 10 that are not contradicted at 0.5, equal weights, 64 queries under
   * way and 100,000 waiting, one thread that searches, the interactive lane with a minute for each
   * request.
   */
  public static RetrievalConfig of(String embedModel, String nliModel) {
    return new RetrievalConfig(
        embedModel,
        nliModel,
        100,
        10,
        Policy.NOT_CONTRADICTED,
        0.5,
        0.5,
        64,
        100_000,
        1,
        RequestOptions.defaults().withTimeout(Duration.ofMinutes(1)));
  }

  /** Candidates and hits to a query. */
  public RetrievalConfig withTop(int newTop, int newKeep) {
    return new RetrievalConfig(
        embedModel,
        nliModel,
        newTop,
        newKeep,
        policy,
        threshold,
        nliWeight,
        inFlight,
        waiting,
        searchThreads,
        options);
  }

  public RetrievalConfig withPolicy(Policy newPolicy, double newThreshold) {
    return new RetrievalConfig(
        embedModel,
        nliModel,
        top,
        keep,
        newPolicy,
        newThreshold,
        nliWeight,
        inFlight,
        waiting,
        searchThreads,
        options);
  }

  public RetrievalConfig withNliWeight(double newNliWeight) {
    return new RetrievalConfig(
        embedModel,
        nliModel,
        top,
        keep,
        policy,
        threshold,
        newNliWeight,
        inFlight,
        waiting,
        searchThreads,
        options);
  }

  /** Queries under way, and those that may wait besides. */
  public RetrievalConfig withInFlight(int newInFlight, int newWaiting) {
    return new RetrievalConfig(
        embedModel,
        nliModel,
        top,
        keep,
        policy,
        threshold,
        nliWeight,
        newInFlight,
        newWaiting,
        searchThreads,
        options);
  }

  public RetrievalConfig withOptions(RequestOptions newOptions) {
    return new RetrievalConfig(
        embedModel,
        nliModel,
        top,
        keep,
        policy,
        threshold,
        nliWeight,
        inFlight,
        waiting,
        searchThreads,
        newOptions);
  }
}
