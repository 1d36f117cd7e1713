package io.ratatoskr.client;

import io.ratatoskr.schemas.InferenceError;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The answer to an {@link NliRequest}.
 *
 * @param model model that answered
 * @param items one outcome per pair, in the order of the request
 * @param provenance who answered
 */
public record NliReply(String model, List<ItemOutcome> items, Provenance provenance)
    implements BatchReply<NliReply.ItemOutcome> {

  public NliReply {
    items = List.copyOf(items);
  }

  /** The relation of a premise to a hypothesis. */
  public enum Label {
    ENTAILMENT,
    NEUTRAL,
    CONTRADICTION
  }

  /** The outcome of one pair. */
  public sealed interface ItemOutcome {}

  /**
   * Probabilities, which add up to 1.
   *
   * @param entailment that the hypothesis follows from the premise
   * @param neutral that neither holds; absent for models of two classes
   * @param contradiction that the hypothesis contradicts the premise; for models of two classes
   *     that it does not follow
   * @param label the most probable of them
   * @param tokens tokens of the pair, special tokens included
   * @param usedTokens tokens that the model was given
   * @param truncated whether part of the pair was cut off
   */
  public record Scored(
      double entailment,
      OptionalDouble neutral,
      double contradiction,
      Label label,
      int tokens,
      int usedTokens,
      boolean truncated)
      implements ItemOutcome {}

  /** This pair failed; its neighbours did not. */
  public record Failed(InferenceError error) implements ItemOutcome, ItemFailure {}

  /**
   * All scores, where every pair succeeded.
   *
   * @throws RequestFailedException with the error of the first pair that failed
   */
  public List<Scored> scores() {
    return successes(Scored.class);
  }

  /**
   * The scores of a request of one pair.
   *
   * @throws RequestFailedException if the pair failed
   * @throws IllegalStateException if the request held more than one
   */
  public Scored score() {
    return success(Scored.class);
  }
}
