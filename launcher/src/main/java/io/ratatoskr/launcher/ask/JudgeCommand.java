package io.ratatoskr.launcher.ask;

import io.ratatoskr.allinone.EmbeddedRatatoskr;
import io.ratatoskr.onnx.ModelStore;
import io.ratatoskr.schemas.PairTruncation;
import java.util.List;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The base of the commands that ask an NLI model. */
abstract class JudgeCommand extends LineCommand {
  @Option(
      names = "--model",
      order = HOW,
      paramLabel = "ID|PATH",
      defaultValue = EmbeddedRatatoskr.NLI_MINILM_L6,
      description = "nli-minilm-l6 (small, for demonstration), " + OR_ANOTHER_MODEL)
  private String model = "";

  @Option(
      names = "--truncate",
      order = HOW,
      paramLabel = "MODE",
      defaultValue = "error",
      description =
          "What is above the model's limit: error (an error line), or longest-first (the longer "
              + "side loses tokens until it fits, and the row is marked). Default: "
              + "${DEFAULT-VALUE}")
  private String truncate = "";

  @Option(
      names = "--json",
      order = HOW,
      description = "Print the one answer as JSON on a terminal too, not as a table.")
  private boolean json;

  @Override
  final String model() {
    return model;
  }

  /** The name under which the model is asked for. */
  final String modelId() {
    return ModelStore.id(model);
  }

  final PairTruncation truncation() {
    return switch (truncate) {
      case "error" -> PairTruncation.ERROR;
      case "longest-first" -> PairTruncation.LONGEST_FIRST;
      default -> throw misuse("--truncate: error or longest-first, not '" + truncate + "'");
    };
  }

  /**
   * Prints one answer: a table on a terminal, else one line of JSON as a job writes it.
   *
   * @param label what the scores amount to
   * @param scores in the order in which they are shown
   * @param row the JSON without model and mark
   */
  final void print(
      String label, List<ScoreTable.Score> scores, ObjectNode row, String by, boolean truncated) {
    if (!json && Terminal.outIsTerminal()) {
      out().print(ScoreTable.of(label, scores));
      if (truncated) {
        out().println("Part of the input was cut off.");
      }
      return;
    }
    row.put("model", by);
    if (truncated) {
      row.put("truncated", true);
    }
    out().println(row);
  }

  /** An empty JSON object with that label. */
  static ObjectNode row(String label) {
    return JsonMapper.shared().createObjectNode().put("label", label);
  }
}
