package io.ratatoskr.retrieval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Makes a ranking of judged candidates. The score is the convex combination
 *
 * <pre>{@code score = (1 - w) * cosine + w * P(entailment)}</pre>
 *
 * of two numbers that need no further scaling: a candidate's score does not depend on the other
 * candidates, so scores compare between queries and a threshold on them means something. Bruch, Gai
 * and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023, find convex combination
 * better than reciprocal rank fusion, and its one weight quickly tuned.
 *
 * <p>A candidate that could not be judged has {@code cosine - 2}, which is below every judged one,
 * so that tools that sort by score alone see the same order. Where the model was not asked, the
 * score is the cosine.
 */
public record Fusion(RetrievalConfig config) {
  private static final Comparator<Scored> BEST_FIRST =
      Comparator.comparingDouble(Scored::score)
          .reversed()
          .thenComparing(
              Comparator.comparingDouble((Scored scored) -> scored.candidate.cosine()).reversed());

  private record Scored(Candidate candidate, Judgement judgement, double score) {}

  /**
   * The hits; of equal ones the nearer first, and of equally near ones that which was first.
   *
   * @param candidates as the search found them, nearest first
   * @param judgements one for each candidate, in their order
   */
  public List<Hit> hits(List<Candidate> candidates, List<Judgement> judgements) {
    List<Scored> kept = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      if (config.filter().keeps(judgements.get(i))) {
        kept.add(
            new Scored(
                candidates.get(i),
                judgements.get(i),
                score(candidates.get(i).cosine(), judgements.get(i))));
      }
    }
    kept.sort(BEST_FIRST);
    List<Hit> hits = new ArrayList<>();
    for (Scored scored : kept.subList(0, Math.min(config.depth().keep(), kept.size()))) {
      hits.add(new Hit(hits.size() + 1, scored.candidate, scored.judgement, scored.score));
    }
    return hits;
  }

  private double score(double cosine, Judgement judgement) {
    return switch (judgement) {
      case Judgement.Judged judged ->
          (1 - config.nliWeight()) * cosine + config.nliWeight() * judged.entailment();
      case Judgement.Unjudged _ -> cosine - 2;
      case Judgement.NotAsked _ -> cosine;
    };
  }
}
