package io.ratatoskr.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Reads a folder in the layout of the Hugging Face hub and of sentence-transformers. */
final class ModelFolder {
  static final String CONFIG = "config.json";

  /** Tokenizers without a limit of their own say 10^30 or so. */
  private static final double NO_LIMIT = 1e6;

  /** Models whose first position is the padding token's id + 1, which shortens what fits. */
  private static final Set<String> OFFSET_POSITIONS =
      Set.of("roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "mpnet", "longformer");

  private final String id;
  private final Path folder;
  private final OwnSettings own;
  private final JsonNode config;

  private ModelFolder(String id, Path folder) {
    this.id = id;
    this.folder = folder;
    this.own = OwnSettings.read(id, folder);
    this.config = json(CONFIG);
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
    ModelSettings settings =
        switch (files.kind()) {
          case EMBEDDING -> files.embedding();
          case NLI -> new ModelSettings.Pairs(files.maxTokens(), files.labels());
        };
    return new ModelFiles(id, files.graph(), tokenizer, settings);
  }

  /** What the model in a folder does, as its files say. */
  static ModelKind kind(String id, Path folder) {
    return new ModelFolder(id, folder).kind();
  }

  private ModelKind kind() {
    return own.kind()
        .orElseGet(() -> {
          if (Files.isRegularFile(folder.resolve("modules.json"))) {
            return ModelKind.EMBEDDING;
          }
          if (!config.path("architectures").isEmpty()) {
            String architecture = config.path("architectures").path(0).asString("");
            return architecture.endsWith("ForSequenceClassification")
                ? ModelKind.NLI
                : ModelKind.EMBEDDING;
          }
          return NliLabels.of(labelMap()).isPresent() ? ModelKind.NLI : ModelKind.EMBEDDING;
        });
  }

  private NliLabels labels() {
    Map<String, Integer> named = own.labels().orElseGet(this::labelMap);
    return NliLabels.of(named)
        .orElseThrow(() ->
            new ModelLoadException(
                ModelLoadException.Reason.LABELS,
                ("Model %s: %s %s. Needed are entailment, neutral and contradiction, or entailment"
                        + " and not_entailment, numbered from 0; where you know which is which, say"
                        + " so in %s in the model's folder: [labels] entailment = 0, neutral = 1,"
                        + " contradiction = 2, each on a line of its own.")
                    .formatted(
                        id,
                        own.labels().isPresent() ? OwnSettings.FILE : CONFIG,
                        named.isEmpty() ? "has no label map" : "has the label map " + named,
                        OwnSettings.FILE)));
  }

  /** id2label or label2id, by name; both must say the same. */
  private Map<String, Integer> labelMap() {
    Map<String, Integer> byName = new TreeMap<>();
    for (Map.Entry<String, JsonNode> label : config.path("label2id").properties()) {
      byName.put(label.getKey(), label.getValue().asInt(-1));
    }
    Map<String, Integer> byNumber = new TreeMap<>();
    for (Map.Entry<String, JsonNode> label : config.path("id2label").properties()) {
      int number = label.getKey().matches("\\d{1,4}") ? Integer.parseInt(label.getKey()) : -1;
      byNumber.put(label.getValue().asString(""), number);
    }
    if (!byName.isEmpty() && !byNumber.isEmpty() && !byName.equals(byNumber)) {
      throw new ModelLoadException(
          ModelLoadException.Reason.LABELS,
          "Model %s: in %s, id2label says %s and label2id says %s. Say which is right in %s: [labels]."
              .formatted(id, CONFIG, byNumber, byName, OwnSettings.FILE));
    }
    return byNumber.isEmpty() ? byName : byNumber;
  }

  private Path graph() {
    if (own.graph().isPresent()) {
      Path named = folder.resolve(own.graph().get());
      if (!Files.isRegularFile(named)) {
        throw missing("no %s, which %s asks for".formatted(named, OwnSettings.FILE));
      }
      return named;
    }
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
            : "several graphs, none of them named model.onnx: name one as graph in "
                + OwnSettings.FILE
                + ", of "
                + graphs);
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

  private ModelSettings embedding() {
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
    return new ModelSettings.Embedding(
        own.pooling().orElseGet(this::pooling),
        own.normalise().orElse(normalise),
        maxTokens(),
        own.queryPrefix().orElse(prompts.path("query").asString("")),
        own.documentPrefix()
            .orElse(prompts.path("document").asString(prompts.path("passage").asString(""))));
  }

  private @Nullable Pooling pooling() {
    JsonNode pooling = json("1_Pooling/config.json");
    if (pooling.isMissingNode()) {
      return null;
    }
    String named = pooling.path("pooling_mode").asString("");
    boolean cls = pooling.path("pooling_mode_cls_token").asBoolean(named.equals("cls"));
    boolean last = pooling.path("pooling_mode_lasttoken").asBoolean(named.equals("lasttoken"));
    boolean mean = pooling.path("pooling_mode_mean_tokens").asBoolean(named.equals("mean"));
    if ((cls ? 1 : 0) + (last ? 1 : 0) + (mean ? 1 : 0) != 1) {
      throw settings(
          "1_Pooling/config.json must ask for exactly one of mean, cls and lasttoken; or"
              + " give pooling in "
              + OwnSettings.FILE);
    }
    return cls ? Pooling.CLS : last ? Pooling.LAST : Pooling.MEAN;
  }

  private int maxTokens() {
    return own.maxTokens().orElseGet(this::documentedLimit);
  }

  private int documentedLimit() {
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
              + " (config.json), or max-tokens in "
              + OwnSettings.FILE);
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
