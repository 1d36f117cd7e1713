package io.ratatoskr.settings;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the known word that a mistaken one was meant to be. */
public final class Spelling {
  private Spelling() {}

  /** The nearest word, if it is as near as a slip of the pen. */
  public static Optional<String> nearest(String word, Stream<String> known) {
    return known
        .filter(candidate -> edits(word, candidate) <= allowed(word))
        .min(Comparator.comparingInt(candidate -> edits(word, candidate)));
  }

  private static int allowed(String word) {
    return word.length() < 5 ? 1 : Math.max(2, word.length() / 5);
  }

  /** Fewest letters that are put in, taken out or changed, or neighbours swapped. */
  static int edits(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, from, to, i, j);
      }
    }
    return cost[from.length()][to.length()];
  }

  private static int cheapest(int[][] cost, String from, String to, int i, int j) {
    int change = cost[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
    int least = Math.min(change, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(least, 1 + cost[i - 2][j - 2]) : least;
  }
}
