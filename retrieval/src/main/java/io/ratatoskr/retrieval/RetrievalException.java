package io.ratatoskr.retrieval;

import org.jspecify.annotations.Nullable;

/** Why retrieval cannot begin or go on; the message says what to do. */
public abstract sealed class RetrievalException extends RuntimeException {

  private RetrievalException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The corpus or its index cannot be read or written. */
  public static final class CorpusUnusable extends RetrievalException {
    CorpusUnusable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** Queries are embedded into another vector space than the corpus, so that nothing compares. */
  public static final class SpaceMismatch extends RetrievalException {
    private final String corpusSpace;
    private final String querySpace;

    SpaceMismatch(String corpusSpace, String corpusModel, String querySpace, String queryModel) {
      super(
          "the corpus is in vector space %s (model %s), queries of model %s are in %s; name the model that embedded the corpus, or embed it again"
              .formatted(
                  corpusSpace,
                  corpusModel.isEmpty() ? "not said" : corpusModel,
                  queryModel,
                  querySpace),
          null);
      this.corpusSpace = corpusSpace;
      this.querySpace = querySpace;
    }

    public String corpusSpace() {
      return corpusSpace;
    }

    public String querySpace() {
      return querySpace;
    }
  }

  /** More queries wait than the configuration allows; ask again when some are answered. */
  public static final class TooManyQueries extends RetrievalException {
    TooManyQueries(int waiting) {
      super(waiting + " queries wait already; ask again when some are answered", null);
    }
  }

  /** The retrieval was closed before the query was answered. */
  public static final class Closed extends RetrievalException {
    Closed() {
      super("the retrieval is closed", null);
    }
  }
}
