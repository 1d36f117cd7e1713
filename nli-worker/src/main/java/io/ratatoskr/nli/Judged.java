package io.ratatoskr.nli;

import io.ratatoskr.onnx.ItemResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The tokens that the pairs of one item took: those of the longest pair.
 *
 * @param tokens special tokens included
 * @param usedTokens what the model was given of them
 * @param truncated whether any pair was cut
 */
record Judged(int tokens, int usedTokens, boolean truncated) {

  /**
   * An outcome for each item.
   *
   * @param sides what the request calls the texts of a pair
   * @param pairs how many results belong to each item, one item after the other
   * @param score makes the outcome of an item, all of whose pairs have logits
   */
  static List<Object> items(
      String model,
      Sides sides,
      List<ItemResult> results,
      int pairs,
      BiFunction<List<float[]>, Judged, Object> score) {
    List<Object> items = new ArrayList<>(results.size() / pairs);
    for (int from = 0; from < results.size(); from += pairs) {
      items.add(item(model, sides, results.subList(from, from + pairs), score));
    }
    return items;
  }

  private static Object item(
      String model,
      Sides sides,
      List<ItemResult> pairs,
      BiFunction<List<float[]>, Judged, Object> score) {
    List<float[]> logits = new ArrayList<>(pairs.size());
    Judged judged = new Judged(0, 0, false);
    for (ItemResult pair : pairs) {
      switch (pair) {
        case ItemResult.NotInferred failed -> {
          return sides.error(model, failed);
        }
        case ItemResult.Inferred inferred -> {
          logits.add(inferred.output());
          judged = judged.with(inferred);
        }
      }
    }
    return score.apply(logits, judged);
  }

  private Judged with(ItemResult.Inferred pair) {
    return new Judged(
        Math.max(tokens, pair.tokens()),
        Math.max(usedTokens, pair.usedTokens()),
        truncated || pair.truncated());
  }
}
