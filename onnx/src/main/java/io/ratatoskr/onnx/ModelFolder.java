package io.ratatoskr.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Reads a folder in the layout of the Hugging Face hub and of sentence-transformers. */
final class ModelFolder {
  /** Tokenizers without a limit of their own say 10^30 or so. */
  private static final double NO_LIMIT = 1e6;

  /** Models whose first position is the padding token's id + 1, which shortens what fits. */
  private static final Set<String> OFFSET_POSITIONS =
      Set.of("roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "mpnet", "longformer");

  private final String id;
  private final Path folder;
  private final FolderFiles files;
  private final OwnSettings own;
  private final JsonNode config;

  private ModelFolder(String id, Path folder) {
    this.id = id;
    this.folder = folder;
    this.files = new FolderFiles(id, folder);
    this.own = OwnSettings.read(files);
    this.config = files.json(FolderFiles.CONFIG);
  }

  static ModelFiles read(String id, Path folder) {
    ModelFolder model = new ModelFolder(id, folder);
    if (!Files.isDirectory(folder)) {
      throw model.missing("no folder " + folder);
    }
    Path tokenizer = folder.resolve("tokenizer.json");
    if (!Files.isRegularFile(tokenizer)) {
      throw model.missing("no tokenizer.json in " + folder);
    }
    ModelSettings settings =
        switch (model.kind()) {
          case EMBEDDING -> model.embedding();
          case NLI -> new ModelSettings.Pairs(model.maxTokens(), model.labels());
        };
    return new ModelFiles(id, model.graph(), tokenizer, model.padsLeft(), settings);
  }

  /** The kind of the model in a folder, as its files say. */
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
                        own.labels().isPresent() ? OwnSettings.FILE : FolderFiles.CONFIG,
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
              .formatted(id, FolderFiles.CONFIG, byNumber, byName, OwnSettings.FILE));
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
    JsonNode prompts = files.json("config_sentence_transformers.json").path("prompts");
    String query = own.queryPrefix().orElseGet(() -> prompt(prompts, "query"));
    String document =
        own.documentPrefix().orElseGet(() -> prompt(prompts, "document", "passage", "corpus"));
    SentenceModules modules =
        SentenceModules.read(files, own.pooling(), !query.isEmpty() || !document.isEmpty());
    return new ModelSettings.Embedding(
        modules,
        own.normalise().orElse(modules.normalise()),
        files.json("sentence_bert_config.json").path("do_lower_case").asBoolean(false),
        maxTokens(),
        query,
        document);
  }

  /** The first of these that there is. */
  private static String prompt(JsonNode prompts, String... names) {
    for (String name : names) {
      if (prompts.path(name).isString()) {
        return prompts.path(name).asString();
      }
    }
    return "";
  }

  private Optional<Boolean> padsLeft() {
    JsonNode side = files.json("tokenizer_config.json").path("padding_side");
    return side.isString() ? Optional.of(side.asString().equals("left")) : Optional.empty();
  }

  private int maxTokens() {
    return own.maxTokens().orElseGet(this::documentedLimit);
  }

  private int documentedLimit() {
    double positions = limit(config, "max_position_embeddings").orElse(NO_LIMIT);
    if (OFFSET_POSITIONS.contains(config.path("model_type").asString(""))) {
      positions -= config.path("pad_token_id").asInt(1) + 1;
    }
    double limit =
        limit(files.json("sentence_bert_config.json"), "max_seq_length")
            .or(() -> limit(files.json("tokenizer_config.json"), "model_max_length"))
            .orElse(NO_LIMIT);
    double fits = Math.min(limit, positions);
    if (fits >= NO_LIMIT || fits < 1) {
      throw files.settings(
          "no limit of tokens: needed is max_seq_length (sentence_bert_config.json),"
              + " model_max_length (tokenizer_config.json) or max_position_embeddings"
              + " (config.json), or max-tokens in "
              + OwnSettings.FILE);
    }
    return (int) fits;
  }

  /** Some files say null, some -1 where there is no limit. */
  private static Optional<Double> limit(JsonNode from, String key) {
    JsonNode limit = from.path(key);
    return limit.isNumber() && limit.asDouble() > 0
        ? Optional.of(limit.asDouble())
        : Optional.empty();
  }

  private ModelLoadException missing(String what) {
    return files.missing(what + ". Needed are model.onnx (or onnx/model*.onnx) and tokenizer.json");
  }
}
