package io.ratatoskr.retrieval;

/** The rule by which a judged candidate is kept or dropped. */
public enum Policy {
  /** Every candidate: the model ranks, and drops nothing. */
  ALL,
  /** Those that do not contradict the query: probability of contradiction below the threshold. */
  NOT_CONTRADICTED,
  /** Those that entail the query: probability of entailment at or above the threshold. */
  ENTAILED;

  boolean keeps(Judgement judgement, double threshold) {
    return switch (judgement) {
      case Judgement.Judged judged ->
          switch (this) {
            case ALL -> true;
            case NOT_CONTRADICTED -> judged.contradiction() < threshold;
            case ENTAILED -> judged.entailment() >= threshold;
          };
      case Judgement.Unjudged _ -> true;
      case Judgement.NotAsked _ -> true;
    };
  }
}
