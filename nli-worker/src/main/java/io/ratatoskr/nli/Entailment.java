package io.ratatoskr.nli;

import io.ratatoskr.onnx.NliLabels;
import java.util.OptionalDouble;

/**
 * A model's judgement of a pair: probabilities that add up to 1.
 *
 * @param entailment that the hypothesis follows from the premise
 * @param neutral that neither holds; empty for a model of two classes
 * @param contradiction that it contradicts the premise; for a model of two classes that it does not
 *     follow
 */
record Entailment(double entailment, OptionalDouble neutral, double contradiction) {

  /** The classes. */
  enum Label {
    ENTAILMENT,
    NEUTRAL,
    CONTRADICTION
  }

  /** Softmax over all classes of the model. */
  static Entailment of(float[] logits, NliLabels labels) {
    double entailment = logits[labels.entailment()];
    double contradiction = logits[labels.contradiction()];
    if (labels.neutral().isEmpty()) {
      double[] two = Softmax.of(entailment, contradiction);
      return new Entailment(two[0], OptionalDouble.empty(), two[1]);
    }
    double[] three = Softmax.of(entailment, logits[labels.neutral().getAsInt()], contradiction);
    return new Entailment(three[0], OptionalDouble.of(three[1]), three[2]);
  }

  /** The most probable; of equal ones the first of entailment, neutral, contradiction. */
  Label label() {
    double third = neutral.orElse(-1);
    if (entailment >= third && entailment >= contradiction) {
      return Label.ENTAILMENT;
    }
    return third >= contradiction ? Label.NEUTRAL : Label.CONTRADICTION;
  }
}
