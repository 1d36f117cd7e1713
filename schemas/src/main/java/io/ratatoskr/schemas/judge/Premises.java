package io.ratatoskr.schemas.judge;

import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.NliPair;
import io.ratatoskr.schemas.wire.NliRequest;
import io.ratatoskr.schemas.wire.Text;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pairs of an NLI request.
 *
 * @param pairs in the order of the request's items
 */
public record Premises(List<Pair> pairs) {

  /**
   * A pair.
   *
   * @param premise what is given; may be empty
   * @param hypothesis what may follow from it; may be empty
   */
  public record Pair(String premise, String hypothesis) {}

  /** Keeps a copy. */
  public Premises {
    pairs = List.copyOf(pairs);
  }

  /**
   * The pairs of that record.
   *
   * @throws IllegalArgumentException if a pair lacks a side, or has one that is shared too; the
   *     message is for the request's sender
   */
  public static Premises of(NliRequest request) {
    Item premise = request.getSharedPremise();
    Item hypothesis = request.getSharedHypothesis();
    List<Pair> pairs = new ArrayList<>();
    for (NliPair pair : request.getItems()) {
      if (!once(premise, pair.getPremise()) || !once(hypothesis, pair.getHypothesis())) {
        throw new IllegalArgumentException(
            "Pair %d: premise and hypothesis must each be given once, in the pair or as the shared one."
                .formatted(pairs.size() + 1));
      }
      pairs.add(
          new Pair(
              text(premise == null ? pair.getPremise() : premise),
              text(hypothesis == null ? pair.getHypothesis() : hypothesis)));
    }
    return new Premises(pairs);
  }

  private static boolean once(@Nullable Item shared, @Nullable Item own) {
    return (shared == null) != (own == null);
  }

  private static String text(Item item) {
    return ((Text) item.getContent()).getText();
  }
}
