package io.ratatoskr.policy.task;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of tasks that requests set, the most urgent first. */
public enum TaskClass {
  /** Greetings, thanks, and questions that a line answers. */
  QUICK_RESPONSE,
  /** Looking something up, doing something in another system, filling a given structure. */
  TOOL_USE,
  /** Vectors, similarity of meaning, search by it. */
  EMBEDDING,
  /** Writing, mending, reviewing and explaining code. */
  CODE_GENERATION,
  /** What belongs to no other class. */
  GENERAL,
  /** Stories, poems, names, ideas. */
  CREATIVE,
  /** Calculations and proofs. */
  MATHEMATICAL,
  /** Analysis, comparison, weighing, reasoning in several steps. */
  DEEP_THINKING;

  /** The name in configurations and headers, such as {@code quick-response}. */
  public String className() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The class of that name, if there is one. */
  public static Optional<TaskClass> ofClassName(String name) {
    return Arrays.stream(values()).filter(one -> one.className().equals(name)).findFirst();
  }
}
