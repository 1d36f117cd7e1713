package io.ratatoskr.launcher.ask;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.allinone.EmbeddedRatatoskr;
import io.ratatoskr.bulk.EmbedJob;
import io.ratatoskr.bulk.JobKind;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.gateway.ProviderConfig;
import io.ratatoskr.gateway.ProviderEmbeddings;
import io.ratatoskr.launcher.command.ProviderOptions;
import io.ratatoskr.onnx.ModelKind;
import io.ratatoskr.onnx.ModelLoadException;
import io.ratatoskr.onnx.ModelStore;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Truncation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
          "all-minilm-l6-v2, all-minilm-l6-v2-q (8-bit, faster, another vector space), one of the"
              + " embedding-models of a provider in the configuration, what the server at"
              + " --base-url has, "
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

  @Option(
      names = "--dimensions",
      order = HOW,
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Cut vectors to N components and scale them anew, for models that are trained for it"
              + " (Matryoshka); another vector space. Default: all of them")
  private int dimensions;

  @Mixin private TextField textField = new TextField();

  @Mixin private ProviderOptions providers = new ProviderOptions();

  @Mixin private RemoteOption remote = new RemoteOption();

  @Override
  String model() {
    return model;
  }

  @Override
  void check(boolean elsewhere) {
    if (dimensions < 0) {
      throw misuse("--dimensions: 1 or more, not " + dimensions);
    }
    if (elsewhere && providers.baseUrl() != null) {
      throw misuse(
          "--base-url: the pipeline at --bootstrap has its own providers; leave one of them out");
    }
  }

  @Override
  DataPolicy dataPolicy() {
    return remote.dataPolicy();
  }

  /** The server that is named, else a provider that has the model, where none is local. */
  @Override
  Optional<Configuration> throughProvider(Configuration configuration) {
    if (providers.baseUrl() == null && isLocal(configuration)) {
      return Optional.empty();
    }
    ProviderConfig provider =
        providers.baseUrl() == null
            ? configuration.embeddingProvider(model).orElse(null)
            : providers
                .over(configuration)
                .providers()
                .getFirst()
                .withEmbeddings(ProviderEmbeddings.of(model));
    if (provider == null) {
      return Optional.empty();
    }
    remote.require(provider);
    return Optional.of(configuration.withProvider(provider));
  }

  private boolean isLocal(Configuration configuration) {
    try {
      return configuration.embed().store().kind(model) == ModelKind.EMBEDDING;
    } catch (ModelLoadException e) {
      return namesFolder();
    }
  }

  /** A path that leads to nothing is a provider's name of a model, such as {@code BAAI/bge-m3}. */
  @Override
  boolean namesFolder() {
    return ModelStore.isPath(model)
        && (model.startsWith("/") || model.startsWith(".") || Files.exists(Path.of(model)));
  }

  private String id() {
    return namesFolder() ? ModelStore.id(model) : model;
  }

  @Override
  public ItemForm<EmbedReply, EmbedReply.Embedded> form() {
    return new ItemForm<>(
        EmbedReply.class,
        EmbedReply.Embedded.class,
        (item, reply, out, json) -> out.println(row(item.vector(), reply)));
  }

  @Override
  JobKind kind() {
    return new EmbedJob(id(), inputType, truncation(), dimensions);
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
    EmbedReply reply;
    try {
      reply =
          Futures.await(
              ratatoskr.embed(
                  new EmbedRequest(
                      id(),
                      List.of(String.valueOf(text)),
                      inputType,
                      truncation(),
                      dimensions,
                      options)));
    } catch (RequestFailedException e) {
      throw RemoteOption.named(e);
    }
    form().print(reply, out(), err(), true);
  }

  private static ObjectNode row(float[] vector, EmbedReply reply) {
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
