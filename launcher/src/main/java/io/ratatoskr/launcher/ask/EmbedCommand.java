package io.ratatoskr.launcher.ask;

import io.ratatoskr.allinone.EmbeddedRatatoskr;
import io.ratatoskr.bulk.EmbedJob;
import io.ratatoskr.bulk.JobKind;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.onnx.ModelStore;
import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Truncation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Embeds a file, or one text. */
@Command(
    name = "embed",
    description = {
      "Embed a file, or print the vector of one TEXT as JSON.",
      "",
      LineCommand.IN_THIS_PROCESS,
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class EmbedCommand extends LineCommand {
  @Parameters(arity = "0..1", paramLabel = "TEXT", description = "One text to embed.")
  private @Nullable String text;

  @Option(
      names = "--model",
      order = HOW,
      paramLabel = "ID|PATH",
      defaultValue = EmbeddedRatatoskr.ALL_MINILM_L6_V2,
      description =
          "all-minilm-l6-v2, all-minilm-l6-v2-q (8-bit, faster, another vector space), "
              + OR_ANOTHER_MODEL)
  private String model = "";

  @Option(
      names = "--truncate",
      order = HOW,
      paramLabel = "MODE",
      defaultValue = "error",
      description =
          "Texts above the model's limit: error (an error line), truncate (cut, and marked), or "
              + "chunk-mean (mean of the parts, weighted by tokens). Default: ${DEFAULT-VALUE}")
  private String truncate = "";

  @Option(
      names = "--input-type",
      order = HOW,
      paramLabel = "TYPE",
      defaultValue = "document",
      description = "document or query; some models tell them apart. Default: ${DEFAULT-VALUE}")
  private InputType inputType = InputType.DOCUMENT;

  @Mixin private TextField textField = new TextField();

  @Override
  String model() {
    return model;
  }

  @Override
  JobKind kind() {
    return new EmbedJob(ModelStore.id(model), inputType, truncation());
  }

  @Override
  List<String> fields() {
    return List.of(textField.name());
  }

  @Override
  String oneThing() {
    return "a TEXT";
  }

  @Override
  boolean asksOne() {
    return text != null;
  }

  @Override
  void one(Ratatoskr ratatoskr, RequestOptions options) throws InterruptedException {
    EmbedReply reply =
        Futures.await(
            ratatoskr.embed(
                new EmbedRequest(
                    ModelStore.id(model),
                    List.of(String.valueOf(text)),
                    inputType,
                    truncation(),
                    options)));
    out().println(row(reply.vector(), reply));
  }

  /** A vector of a reply, as JSON. */
  static ObjectNode row(float[] vector, EmbedReply reply) {
    ObjectMapper json = JsonMapper.shared();
    ObjectNode row = json.createObjectNode();
    row.set("embedding", json.valueToTree(vector));
    return row.put("model", reply.model()).put("space_id", reply.spaceId());
  }

  private Truncation truncation() {
    return switch (truncate) {
      case "error" -> Truncation.ERROR;
      case "truncate" -> Truncation.TRUNCATE;
      case "chunk-mean" -> Truncation.CHUNK_MEAN;
      default -> throw misuse("--truncate: error, truncate or chunk-mean, not '" + truncate + "'");
    };
  }
}
