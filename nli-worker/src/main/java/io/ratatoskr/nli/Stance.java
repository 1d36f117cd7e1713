package io.ratatoskr.nli;

import io.ratatoskr.onnx.NliLabels;
import java.util.List;

/**
 * Where a text stands towards a target: zero-shot classification by three hypotheses.
 *
 * @param favor score of being for it
 * @param against score of being against it
 * @param neutral score of neither; the three add up to 1
 */
record Stance(double favor, double against, double neutral) {
  private static final List<String> TEMPLATES =
      List.of(
          "The author is in favor of {}.",
          "The author is against {}.",
          "The author is neutral towards {}.");

  /** Hypotheses for each text. */
  static final int HYPOTHESES = TEMPLATES.size();

  /** The stances. */
  enum Label {
    FAVOR,
    AGAINST,
    NEUTRAL
  }

  /** In favor, against, neutral. */
  static List<String> hypotheses(String target) {
    return TEMPLATES.stream().map(template -> ZeroShot.hypothesis(template, target)).toList();
  }

  /**
   * Softmax over the entailment logits of the three.
   *
   * @param logits of the text with each of {@link #hypotheses}
   */
  static Stance of(List<float[]> logits, NliLabels labels) {
    double[] scores = ZeroShot.scores(logits, labels, false);
    return new Stance(scores[0], scores[1], scores[2]);
  }

  /** The highest; of equal ones the first of favor, against, neutral. */
  Label label() {
    if (favor >= against && favor >= neutral) {
      return Label.FAVOR;
    }
    return against >= neutral ? Label.AGAINST : Label.NEUTRAL;
  }
}
