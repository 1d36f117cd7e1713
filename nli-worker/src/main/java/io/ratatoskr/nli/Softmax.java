package io.ratatoskr.nli;

/** Turns logits into probabilities. */
final class Softmax {
  private Softmax() {}

  /** exp(xᵢ) ÷ Σ exp(xⱼ), without overflow for any finite logits. */
  static double[] of(double... logits) {
    double highest = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      highest = Math.max(highest, logit);
    }
    double[] probabilities = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = Math.exp(logits[i] - highest);
      sum += probabilities[i];
    }
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] /= sum;
    }
    return probabilities;
  }
}
