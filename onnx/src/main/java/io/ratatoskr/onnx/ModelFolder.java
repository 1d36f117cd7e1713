package io.ratatoskr.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Reads a folder in the layout of the Hugging Face hub and of sentence-transformers. */
final class ModelFolder {
  /** Tokenizers without a limit of their own say 10^30 or so. */
  private static final double NO_LIMIT = 1e6;

  /** Models whose first position is the padding token's id + 1, which shortens what fits. */
  private static final Set<String> OFFSET_POSITIONS =
      Set.of("roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "mpnet", "longformer");

  private final String id;
  private final Path folder;

  private ModelFolder(String id, Path folder) {
    this.id = id;
    this.folder = folder;
  }

  static ModelFiles read(String id, Path folder) {
    ModelFolder files = new ModelFolder(id, folder);
    if (!Files.isDirectory(folder)) {
      throw files.missing("no folder " + folder);
    }
    Path tokenizer = folder.resolve("tokenizer.json");
    if (!Files.isRegularFile(tokenizer)) {
      throw files.missing("no tokenizer.json in " + folder);
    }
    return new ModelFiles(id, files.graph(), tokenizer, files.settings());
  }

  private Path graph() {
    for (Path usual : List.of(folder.resolve("model.onnx"), folder.resolve("onnx/model.onnx"))) {
      if (Files.isRegularFile(usual)) {
        return usual;
      }
    }
    List<Path> graphs =
        Stream.of(folder, folder.resolve("onnx")).flatMap(this::graphs).sorted().toList();
    if (graphs.size() == 1) {
      return graphs.getFirst();
    }
    throw missing(
        graphs.isEmpty()
            ? "no model.onnx or onnx/model*.onnx in " + folder
            : "several graphs, none of them named model.onnx: keep one of " + graphs);
  }

  private Stream<Path> graphs(Path in) {
    if (!Files.isDirectory(in)) {
      return Stream.empty();
    }
    try (Stream<Path> files = Files.list(in)) {
      return files
          .filter(file -> file.getFileName().toString().matches("model.*\\.onnx"))
          .toList()
          .stream();
    } catch (IOException e) {
      throw missing("cannot read " + in + ": " + e);
    }
  }

  private ModelSettings settings() {
    JsonNode modules = json("modules.json");
    boolean normalise = modules.isMissingNode();
    for (JsonNode module : modules) {
      String type = module.path("type").asString("");
      if (type.endsWith(".Normalize")) {
        normalise = true;
      } else if (!type.endsWith(".Transformer") && !type.endsWith(".Pooling")) {
        throw settings("modules.json asks for " + type + ", which is not in the graph");
      }
    }
    JsonNode prompts = json("config_sentence_transformers.json").path("prompts");
    return new ModelSettings(
        pooling(),
        normalise,
        maxTokens(),
        prompts.path("query").asString(""),
        prompts.path("document").asString(prompts.path("passage").asString("")));
  }

  private Pooling pooling() {
    JsonNode pooling = json("1_Pooling/config.json");
    String named = pooling.path("pooling_mode").asString("");
    boolean cls = pooling.path("pooling_mode_cls_token").asBoolean(named.equals("cls"));
    boolean last = pooling.path("pooling_mode_lasttoken").asBoolean(named.equals("lasttoken"));
    boolean mean =
        pooling
            .path("pooling_mode_mean_tokens")
            .asBoolean(named.equals("mean") || pooling.isMissingNode());
    if ((cls ? 1 : 0) + (last ? 1 : 0) + (mean ? 1 : 0) != 1) {
      throw settings("1_Pooling/config.json must ask for exactly one of mean, cls and lasttoken");
    }
    return cls ? Pooling.CLS : last ? Pooling.LAST : Pooling.MEAN;
  }

  private int maxTokens() {
    JsonNode config = json("config.json");
    double positions = config.path("max_position_embeddings").asDouble(NO_LIMIT);
    if (OFFSET_POSITIONS.contains(config.path("model_type").asString(""))) {
      positions -= config.path("pad_token_id").asInt(1) + 1;
    }
    double limit =
        json("sentence_bert_config.json")
            .path("max_seq_length")
            .asDouble(json("tokenizer_config.json").path("model_max_length").asDouble(NO_LIMIT));
    double fits = Math.min(limit, positions);
    if (fits >= NO_LIMIT || fits < 1) {
      throw settings(
          "no limit of tokens: needed is max_seq_length (sentence_bert_config.json),"
              + " model_max_length (tokenizer_config.json) or max_position_embeddings"
              + " (config.json)");
    }
    return (int) fits;
  }

  private JsonNode json(String name) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      return MissingNode.getInstance();
    }
    try {
      return JsonMapper.shared().readTree(file);
    } catch (JacksonException e) {
      throw new ModelLoadException(
          ModelLoadException.Reason.SETTINGS,
          "Model %s: %s is no JSON: %s".formatted(id, name, e.getMessage()),
          e);
    }
  }

  private ModelLoadException missing(String what) {
    return new ModelLoadException(
        ModelLoadException.Reason.MISSING_FILE,
        "Model %s: %s. Needed are model.onnx (or onnx/model*.onnx) and tokenizer.json."
            .formatted(id, what));
  }

  private ModelLoadException settings(String what) {
    return new ModelLoadException(
        ModelLoadException.Reason.SETTINGS, "Model %s: %s.".formatted(id, what));
  }
}
