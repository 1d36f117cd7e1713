package io.ratatoskr.client;

import io.ratatoskr.schemas.InferenceError;
import java.util.Comparator;
import java.util.List;

/**
 * The answer to a {@link ClassifyRequest}.
 *
 * @param model model that answered
 * @param labels the labels of the request, in its order
 * @param items one outcome per text, in the order of the request
 * @param provenance who answered
 */
public record ClassifyReply(
    String model, List<String> labels, List<ItemOutcome> items, Provenance provenance)
    implements BatchReply<ClassifyReply.ItemOutcome> {

  public ClassifyReply {
    labels = List.copyOf(labels);
    items = List.copyOf(items);
  }

  /** The outcome of one text. */
  public sealed interface ItemOutcome {}

  /** A label and its score, from 0 to 1. */
  public record LabelScore(String label, double score) {}

  /**
   * Scores of the labels.
   *
   * @param scores one per label, in the order of the request; at least one
   * @param tokens tokens of the text with its longest label, special tokens included
   * @param usedTokens tokens of it that the model was given
   * @param truncated whether part of the text was cut off
   */
  public record Scored(List<LabelScore> scores, int tokens, int usedTokens, boolean truncated)
      implements ItemOutcome {

    public Scored {
      scores = List.copyOf(scores);
    }

    /** The label of the highest score, the first of equal ones; its score is the confidence. */
    public LabelScore top() {
      return ranked().get(0);
    }

    /** The highest score first, equal ones in the order of the request. */
    public List<LabelScore> ranked() {
      return scores.stream()
          .sorted(Comparator.comparingDouble(LabelScore::score).reversed())
          .toList();
    }
  }

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
