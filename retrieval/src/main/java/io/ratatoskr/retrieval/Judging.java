package io.ratatoskr.retrieval;

/**
 * The rule by which the NLI model judges a query's candidates or not. A query whose candidates are
 * not judged has them in the order of the first stage, and costs no inference but its own
 * embedding.
 */
public enum Judging {
  /** Those that are {@link Query#isClaim claims}; only a claim can follow from a text. */
  CLAIMS,
  /** Every query. */
  ALWAYS,
  /** No query; the NLI model is not asked for anything. */
  NEVER;

  /** Whether the candidates of that query are judged. */
  public boolean judges(Query query) {
    return switch (this) {
      case CLAIMS -> query.isClaim();
      case ALWAYS -> true;
      case NEVER -> false;
    };
  }
}
