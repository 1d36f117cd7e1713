package io.ratatoskr.policy.task;

import io.ratatoskr.settings.RawValue;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Values;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of the classes of tasks.
 *
 * @param byClass one for each class
 */
public record TaskClasses(Map<TaskClass, TaskRule> byClass) {

  /** The section of a configuration file: an entry for each class that differs. */
  public static final Section SECTION =
      new Section(
          "task-classes",
          "What each of the eight classes of tasks is given, and the words by which a prompt's"
              + " class is found. All eight are built in; an entry changes the keys that it names."
              + " See [routing](routing.md).",
          List.of(
              TaskRule.NAME,
              TaskRule.TIMEOUT,
              TaskRule.FIRST_TOKEN,
              TaskRule.KEYWORDS,
              TaskRule.HINTS),
          new Section.Repetition(
                  Arrays.stream(TaskClass.values()).map(BuiltInRules::entry).toList(),
                  Map.of(
                      TaskRule.NAME.key(), new RawValue.Text(TaskClass.CREATIVE.className()),
                      TaskRule.TIMEOUT.key(), new RawValue.Text("90s"),
                      TaskRule.KEYWORDS.key(),
                          new RawValue.Many(List.of("poem", "write a * story", "slogan"))))
              .completing());

  public TaskClasses {
    byClass = Map.copyOf(byClass);
    for (TaskClass one : TaskClass.values()) {
      if (!byClass.containsKey(one)) {
        throw new IllegalArgumentException("task-classes: '" + one.className() + "' is missing");
      }
    }
  }

  /** The rules that are built in. */
  public static TaskClasses standard() {
    return of(Values.none());
  }

  /**
   * The rules of a file.
   *
   * @throws io.ratatoskr.settings.InvalidSettingException naming the key, its place and what it
   *     takes
   */
  public static TaskClasses of(Values values) {
    Map<TaskClass, TaskRule> rules = new EnumMap<>(TaskClass.class);
    values.entries(SECTION).stream()
        .map(TaskRule::of)
        .forEach(rule -> rules.put(rule.taskClass(), rule));
    return new TaskClasses(rules);
  }

  /** The rule of a class. */
  public TaskRule of(TaskClass taskClass) {
    TaskRule rule = byClass.get(taskClass);
    if (rule == null) {
      throw new IllegalArgumentException("no rule for " + taskClass);
    }
    return rule;
  }

  /** A table of what each class is given, in Markdown. */
  public String markdown() {
    StringBuilder table = new StringBuilder();
    table.append("| class | timeout | first token | what it is |\n");
    table.append("|---|---|---|---|\n");
    for (TaskClass one : TaskClass.values()) {
      TaskRule rule = of(one);
      table
          .append("| `")
          .append(one.className())
          .append("` | ")
          .append(TaskRule.TIMEOUT.form().writes().apply(rule.timeout()).replace("\"", ""))
          .append(" | ")
          .append(TaskRule.FIRST_TOKEN.form().writes().apply(rule.firstToken()).replace("\"", ""))
          .append(" | ")
          .append(one.meaning())
          .append(" |\n");
    }
    return table.toString();
  }
}
