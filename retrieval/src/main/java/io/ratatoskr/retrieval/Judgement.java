package io.ratatoskr.retrieval;

import io.ratatoskr.client.NliReply;
import io.ratatoskr.schemas.InferenceError;
import java.util.OptionalDouble;

/** The NLI model's judgement of a candidate as premise and the query as hypothesis. */
public sealed interface Judgement {

  /**
   * Probabilities, which add up to 1.
   *
   * @param entailment that the query follows from the text
   * @param neutral that neither holds; absent for models of two classes
   * @param contradiction that the query contradicts the text; for models of two classes that it
   *     does not follow
   * @param label the most probable of them
   * @param truncated whether text or query were cut at the model's limit, the longer one first
   */
  record Judged(
      double entailment,
      OptionalDouble neutral,
      double contradiction,
      NliReply.Label label,
      boolean truncated)
      implements Judgement {}

  /** The pair failed; the candidate stays, behind all that were judged. */
  record Unjudged(InferenceError error) implements Judgement {}

  /** The model was not asked, since the query is not one that {@link Judging} lets be judged. */
  record NotAsked() implements Judgement {}
}
