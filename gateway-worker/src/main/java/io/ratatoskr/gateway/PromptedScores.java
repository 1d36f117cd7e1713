package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Scores that a language model writes as numbers from 0 to 1. */
final class PromptedScores {
  private PromptedScores() {}

  /** What JSON Schema says of one. */
  static ObjectNode schema() {
    return Document.object().put("type", "number");
  }

  /**
   * One of them.
   *
   * @throws ProviderFailure with {@code Json} if it is none
   */
  static double score(JsonNode node, String name) throws ProviderFailure {
    double score = node.isNumber() ? node.doubleValue() : Double.NaN;
    if (!(score >= 0 && score <= 1)) {
      throw unreadable("%s is no number from 0 to 1".formatted(name));
    }
    return score;
  }

  /**
   * Scores in proportion, so that they add up to 1.
   *
   * @throws ProviderFailure with {@code Json} if all are 0
   */
  static double[] shares(double... scores) throws ProviderFailure {
    double sum = 0;
    for (double score : scores) {
      sum += score;
    }
    if (sum == 0) {
      throw unreadable("all its scores are 0");
    }
    double[] shares = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      shares[i] = scores[i] / sum;
    }
    return shares;
  }

  static ProviderFailure unreadable(String why) {
    return new ProviderFailure(
        InferenceError.json(
            "The model was asked for scores as JSON, and what it wrote holds none: %s; ask a model that is made for this, or another one."
                .formatted(why)));
  }
}
