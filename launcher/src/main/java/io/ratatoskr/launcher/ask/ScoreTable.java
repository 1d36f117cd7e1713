package io.ratatoskr.launcher.ask;

import java.util.List;
import java.util.Locale;

/**
 * Prints scores for people: a summary, then for each score a line with its name, three decimals and
 * a bar.
 */
final class ScoreTable {
  private static final int BAR = 30;
  private static final int LONGEST_NAME = 40;

  private ScoreTable() {}

  /**
   * One line of the table.
   *
   * @param name what is scored
   * @param score 0 to 1
   */
  record Score(String name, double score) {}

  static String of(String label, List<Score> scores) {
    StringBuilder table = new StringBuilder(label).append('\n');
    int width = 0;
    for (Score score : scores) {
      width = Math.max(width, name(score).length());
    }
    for (Score score : scores) {
      String line =
          String.format(
              Locale.ROOT,
              "  %-" + width + "s  %.3f  %s",
              name(score),
              score.score(),
              "█".repeat((int) Math.round(score.score() * BAR)));
      table.append(line.stripTrailing()).append('\n');
    }
    return table.toString();
  }

  private static String name(Score score) {
    String name = score.name();
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
  }
}
