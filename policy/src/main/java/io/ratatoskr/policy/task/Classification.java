package io.ratatoskr.policy.task;

import java.util.Map;

/**
 * The class of a prompt, and why.
 *
 * @param taskClass the class; {@code general} where no class reaches a confidence of 0.5
 * @param confidence how sure that is of the class with the highest score, 0 to 1; below 0.5 where
 *     that class was too little sure to be taken
 * @param reason what in the prompt speaks for it, and what for the next, for people
 * @param scores by class, positive; those for which nothing speaks are absent
 */
public record Classification(
    TaskClass taskClass, double confidence, String reason, Map<TaskClass, Double> scores) {
  public Classification {
    scores = Map.copyOf(scores);
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new IllegalArgumentException("confidence is " + confidence);
    }
  }
}
