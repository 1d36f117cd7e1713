package io.ratatoskr.client;

import io.ratatoskr.schemas.InferenceError;
import java.util.List;

/**
 * The answer to a {@link StanceRequest}.
 *
 * @param model model that answered
 * @param items one outcome per text, in the order of the request
 * @param provenance who answered
 */
public record StanceReply(String model, List<ItemOutcome> items, Provenance provenance)
    implements BatchReply<StanceReply.ItemOutcome> {

  public StanceReply {
    items = List.copyOf(items);
  }

  /** The stance of a text towards its target. */
  public enum Label {
    FAVOR,
    AGAINST,
    NEUTRAL
  }

  /** The outcome of one text. */
  public sealed interface ItemOutcome {}

  /**
   * Scores, which add up to 1.
   *
   * @param favor of being for the target
   * @param against of being against it
   * @param neutral of neither
   * @param label the highest of them; of equal ones the first of favor, against, neutral
   * @param tokens tokens of the text with its longest hypothesis, special tokens included
   * @param usedTokens tokens of it that the model was given
   * @param truncated whether part of it was cut off
   */
  public record Scored(
      double favor,
      double against,
      double neutral,
      Label label,
      int tokens,
      int usedTokens,
      boolean truncated)
      implements ItemOutcome {}

  /** This text failed; its neighbours did not. */
  public record Failed(InferenceError error) implements ItemOutcome, ItemFailure {}

  /**
   * All scores, where every text succeeded.
   *
   * @throws RequestFailedException with the error of the first text that failed
   */
  public List<Scored> scores() {
    return successes(Scored.class);
  }

  /**
   * The scores of a request of one text.
   *
   * @throws RequestFailedException if the text failed
   * @throws IllegalStateException if the request held more than one
   */
  public Scored score() {
    return success(Scored.class);
  }
}
