package io.ratatoskr.policy.task;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kinds of tasks that requests set, the most urgent first. */
public enum TaskClass {
  /** Greetings, thanks, and questions that a line answers. */
  QUICK_RESPONSE("greetings, thanks, and questions that a line answers"),
  /** Looking something up, doing something in another system, filling a given structure. */
  TOOL_USE("looking something up, doing something in another system, filling a given structure"),
  /** Vectors, similarity of meaning, search by it. */
  EMBEDDING("vectors, similarity of meaning, search by it"),
  /** Writing, mending, reviewing and explaining code. */
  CODE_GENERATION("writing, mending, reviewing and explaining code"),
  /** What belongs to no other class. */
  GENERAL("what belongs to no other class"),
  /** Stories, poems, names, ideas. */
  CREATIVE("stories, poems, names, ideas"),
  /** Calculations and proofs. */
  MATHEMATICAL("calculations and proofs"),
  /** Analysis, comparison, weighing, reasoning in several steps. */
  DEEP_THINKING("analysis, comparison, weighing, reasoning in several steps");

  private final String meaning;

  TaskClass(String meaning) {
    this.meaning = meaning;
  }

  /** The name in configurations and headers, such as {@code quick-response}. */
  public String className() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The names of all, for people. */
  public static String classNames() {
    return Arrays.stream(values()).map(TaskClass::className).collect(Collectors.joining(", "));
  }

  /** The class of that name, if there is one. */
  public static Optional<TaskClass> ofClassName(String name) {
    return Arrays.stream(values()).filter(one -> one.className().equals(name)).findFirst();
  }

  /** What belongs to it, for people. */
  public String meaning() {
    return meaning;
  }
}
