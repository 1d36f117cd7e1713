package io.ratatoskr.nli;

import io.ratatoskr.onnx.ItemResult;
import io.ratatoskr.onnx.NliLabels;
import io.ratatoskr.onnx.PairClassifier;
import io.ratatoskr.onnx.PairSpec;
import io.ratatoskr.onnx.TextPair;
import io.ratatoskr.onnxworker.ModelTask;
import io.ratatoskr.onnxworker.Reading;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.PairTruncation;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.avro.specific.SpecificRecord;

/**
 * A request whose items come down to pairs.
 *
 * @param pairs those of the first item, then those of the next
 * @param itemPairs how many belong to each item
 * @param mostItems most items that such a request may hold
 * @param sides what it calls the texts of a pair
 */
record PairRequest(
    PairTruncation truncation, List<TextPair> pairs, int itemPairs, int mostItems, Sides sides) {

  /** Makes the outcome of an item. */
  @FunctionalInterface
  interface Score {
    /**
     * One outcome.
     *
     * @param logits of the item's pairs, in their order
     * @param labels where each class stands in the logits
     */
    Object of(List<float[]> logits, NliLabels labels, Judged judged);
  }

  /**
   * The reading of this request.
   *
   * @param reply makes the reply of the model's id and the items' outcomes
   */
  <R extends SpecificRecord> Reading<PairClassifier> reading(
      Codec<R> replies, BiFunction<String, List<Object>, R> reply, Score score) {
    return Reading.within(
        pairs.size() / itemPairs,
        mostItems,
        () ->
            new Reading.Wanted<>(
                pairs.size(),
                classifier ->
                    new ModelTask<>(
                        classifier,
                        classifier.prepare(pairs, truncation),
                        results -> {
                          PairSpec spec = classifier.spec();
                          return replies.encode(
                              reply.apply(spec.id(), outcomes(spec, results, score)));
                        })));
  }

  private List<Object> outcomes(PairSpec spec, List<ItemResult> results, Score score) {
    return Judged.items(
        spec.id(),
        sides,
        results,
        itemPairs,
        (logits, judged) -> score.of(logits, spec.labels(), judged));
  }
}
