package io.ratatoskr.nli;

import io.ratatoskr.onnx.NliLabels;
import java.util.List;

/**
 * Zero-shot classification by entailment (Yin, Hay, Roth 2019, "Benchmarking Zero-shot Text
 * Classification"): the text is the premise, and each label makes a hypothesis.
 */
final class ZeroShot {
  private ZeroShot() {}

  /**
   * A score from 0 to 1 for each label.
   *
   * <p>Of several labels of which one is right: softmax over their entailment logits. Where each is
   * judged by itself, and where there is only one: its softmax over entailment and contradiction.
   *
   * @param logits of the text with each label's hypothesis, in the order of the labels
   */
  static double[] scores(List<float[]> logits, NliLabels labels, boolean multiLabel) {
    if (multiLabel || logits.size() == 1) {
      return logits.stream()
          .mapToDouble(
              pair -> Softmax.of(pair[labels.entailment()], pair[labels.contradiction()])[0])
          .toArray();
    }
    return Softmax.of(logits.stream().mapToDouble(pair -> pair[labels.entailment()]).toArray());
  }
}
