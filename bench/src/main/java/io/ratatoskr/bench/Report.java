package io.ratatoskr.bench;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A section of {@code docs/benchmarks.md}: on what machine, by which command, and a table. */
final class Report {
  private final String title;
  private final String command;
  private final Machine machine = Machine.now();
  private final List<String> notes = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  Report(String title, String command, String... columns) {
    this.title = title;
    this.command = command;
    rows.add(List.of(columns));
  }

  Report note(String note) {
    notes.add(note);
    return this;
  }

  Report row(Object... cells) {
    rows.add(java.util.Arrays.stream(cells).map(String::valueOf).toList());
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + rows.getFirst());
    }
    return this;
  }

  void print() {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.printf("%n### %s%n%n", title);
    out.printf("`bench/run %s` on %s%n%n", command, machine);
    for (int i = 0; i < rows.size(); i++) {
      out.println("| " + String.join(" | ", rows.get(i)) + " |");
      if (i == 0) {
        out.println("|" + "---|".repeat(rows.getFirst().size()));
      }
    }
    if (!notes.isEmpty()) {
      out.println();
      notes.forEach(note -> out.println("- " + note));
    }
  }

  /** A line about how far a command is; not part of the report. */
  static void progress(String line) {
    System.err.println(line);
  }

  /** Three significant digits or so, the same in every locale. */
  static String number(double value) {
    double magnitude = Math.abs(value);
    String format = magnitude >= 100 ? "%.0f" : magnitude >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
