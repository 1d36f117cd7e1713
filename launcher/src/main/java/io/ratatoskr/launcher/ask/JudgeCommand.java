package io.ratatoskr.launcher.ask;

import io.ratatoskr.allinone.EmbeddedRatatoskr;
import io.ratatoskr.client.BatchReply;
import io.ratatoskr.onnx.ModelStore;
import io.ratatoskr.schemas.PairTruncation;
import picocli.CommandLine.Option;

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

  /** Prints the reply about one thing. */
  final void print(BatchReply<?> reply) {
    form().print(reply, out(), err(), json);
  }
}
