package io.ratatoskr.retrieval;

import java.time.Duration;
import java.util.List;

/**
 * The answer to a query.
 *
 * @param query the query
 * @param hits what was kept, best first; empty where nothing was near or nothing was let through
 * @param candidates how many texts were near
 * @param judged whether the NLI model was asked about them
 * @param unjudged how many of them it could not judge
 * @param timings how long what took
 */
public record Retrieval(
    Query query, List<Hit> hits, int candidates, boolean judged, int unjudged, Timings timings) {

  public Retrieval {
    hits = List.copyOf(hits);
  }

  /**
   * How long each step of one query took, the wait for other queries' work included.
   *
   * @param waiting until there was room in flight
   * @param embed the query's vector
   * @param search nearest texts
   * @param judge NLI over all candidates; zero where it was not asked
   */
  public record Timings(Duration waiting, Duration embed, Duration search, Duration judge) {
    public Duration total() {
      return waiting.plus(embed).plus(search).plus(judge);
    }
  }
}
