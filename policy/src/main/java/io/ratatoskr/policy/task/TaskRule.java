package io.ratatoskr.policy.task;

import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a class of tasks is given, and how it is known.
 *
 * @param taskClass the class
 * @param timeout longest wait for the whole answer to an interactive request, where it says none;
 *     positive
 * @param firstToken time to the first token that a model should reach; positive, at most the
 *     timeout
 * @param keywords phrases each of which speaks for the class by itself
 * @param hints phrases that speak for it in company
 */
public record TaskRule(
    TaskClass taskClass,
    Duration timeout,
    Duration firstToken,
    List<String> keywords,
    List<String> hints) {

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(7);
  private static final String PHRASE =
      "phrases of 1 to 8 words, with a * between words for up to 2";

  static final Setting<String> NAME =
      Setting.text(
          "task-classes.name",
          TaskClass.GENERAL.className(),
          TaskClass.classNames(),
          text -> TaskClass.ofClassName(text).isPresent(),
          "The class; must be given. What its entry leaves out is as built in.");
  static final Setting<Duration> TIMEOUT =
      Setting.duration(
          "task-classes.timeout",
          Duration.ofSeconds(60),
          SHORTEST,
          LONGEST,
          "Longest wait for the whole answer to an interactive request without `timeout-ms`, where"
              + " header `task-class` names the class or `auto` finds it.");
  static final Setting<Duration> FIRST_TOKEN =
      Setting.duration(
          "task-classes.first-token-target",
          Duration.ofSeconds(1),
          SHORTEST,
          LONGEST,
          "Time to the first token that a model should reach to be chosen for it; at most the"
              + " timeout.");
  static final Setting<List<String>> KEYWORDS =
      Setting.list(
          "task-classes.keywords",
          List.of(),
          PHRASE,
          TaskRule::isPhrase,
          "Phrases each of which speaks for the class by itself, compared by whole words without"
              + " regard to case.");
  static final Setting<List<String>> HINTS =
      Setting.list(
          "task-classes.hints",
          List.of(),
          PHRASE,
          TaskRule::isPhrase,
          "Phrases that speak for it in company: two of them do.");

  public TaskRule {
    keywords = List.copyOf(keywords);
    hints = List.copyOf(hints);
    TIMEOUT.check(timeout);
    FIRST_TOKEN.check(firstToken);
    if (firstToken.compareTo(timeout) > 0) {
      throw new InvalidSettingException(
          FIRST_TOKEN.key(),
          "is longer than the timeout of '%s', %s".formatted(taskClass.className(), timeout));
    }
    Map<List<String>, String> seen = new HashMap<>();
    noneTwice(taskClass, KEYWORDS, keywords, seen);
    noneTwice(taskClass, HINTS, hints, seen);
  }

  private static void noneTwice(
      TaskClass taskClass,
      Setting<List<String>> setting,
      List<String> phrases,
      Map<List<String>, String> seen) {
    setting.check(phrases);
    for (String text : phrases) {
      String earlier = seen.putIfAbsent(Phrase.of(text).parts(), text);
      if (earlier != null) {
        throw new InvalidSettingException(
            setting.key(),
            "'%s' stands twice in '%s', also as '%s'"
                .formatted(text, taskClass.className(), earlier));
      }
    }
  }

  private static boolean isPhrase(String text) {
    try {
      return !Phrase.of(text).parts().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The rule that an entry of a file describes, its name among the values. */
  static TaskRule of(Values entry) {
    return entry.locate(() ->
        new TaskRule(
            TaskClass.ofClassName(NAME.of(entry)).orElseThrow(),
            TIMEOUT.of(entry),
            FIRST_TOKEN.of(entry),
            KEYWORDS.of(entry),
            HINTS.of(entry)));
  }
}
