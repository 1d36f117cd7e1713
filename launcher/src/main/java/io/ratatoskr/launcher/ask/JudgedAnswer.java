package io.ratatoskr.launcher.ask;

import java.io.PrintWriter;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One answer of a model that judges.
 *
 * @param label what the scores amount to
 * @param scores in the order in which they are shown
 * @param row the JSON of a job's row, without id and kept fields
 * @param truncated whether part of the input was cut off
 */
record JudgedAnswer(
    String label, List<ScoreTable.Score> scores, ObjectNode row, boolean truncated) {

  /**
   * One answer.
   *
   * @param row the JSON without model and mark
   * @param by model that answered
   */
  static JudgedAnswer of(
      String label, List<ScoreTable.Score> scores, ObjectNode row, String by, boolean truncated) {
    row.put("model", by);
    if (truncated) {
      row.put("truncated", true);
    }
    return new JudgedAnswer(label, scores, row, truncated);
  }

  /** A JSON object with that label. */
  static ObjectNode labelled(String label) {
    return JsonMapper.shared().createObjectNode().put("label", label);
  }

  /** Prints it: a table on a terminal, else one line of JSON as a job writes it. */
  void print(PrintWriter out, boolean json) {
    if (json || !Terminal.outIsTerminal()) {
      out.println(row);
      return;
    }
    out.print(ScoreTable.of(label, scores));
    if (truncated) {
      out.println("Part of the input was cut off.");
    }
  }
}
