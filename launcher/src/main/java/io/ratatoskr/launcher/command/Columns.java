package io.ratatoskr.launcher.command;

import java.util.List;

/** Rows of cells for people: in columns as wide as their widest cell. */
public final class Columns {
  private Columns() {}

  /**
   * The rows, a line each.
   *
   * @param rows all with as many cells as the first; a cell has no line breaks
   */
  public static String of(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder table = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      table.append(line.toString().stripTrailing()).append('\n');
    }
    return table.toString();
  }
}
