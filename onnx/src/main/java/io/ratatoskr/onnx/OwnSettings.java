package io.ratatoskr.onnx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** {@code model.toml} in a model's folder: what completes or overrides the model's other files. */
final class OwnSettings {
  static final String FILE = "model.toml";

  private static final List<String> KEYS =
      List.of(
          "kind",
          "graph",
          "max-tokens",
          "pooling",
          "normalise",
          "query-prefix",
          "document-prefix",
          "labels");

  private final String id;
  private final JsonNode content;

  private OwnSettings(String id, JsonNode content) {
    this.id = id;
    this.content = content;
  }

  /** Empty where there is no such file. */
  static OwnSettings read(String id, Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return new OwnSettings(id, MissingNode.getInstance());
    }
    OwnSettings settings;
    try {
      settings = new OwnSettings(id, new TomlMapper().readTree(file));
    } catch (JacksonException e) {
      throw new ModelLoadException(
          ModelLoadException.Reason.SETTINGS,
          "Model %s: %s is no TOML: %s".formatted(id, FILE, e.getMessage()),
          e);
    }
    for (String key : settings.content.propertyNames()) {
      if (!KEYS.contains(key)) {
        throw settings.refuse(key + ": there is no such key; there are " + KEYS);
      }
    }
    return settings;
  }

  Optional<ModelKind> kind() {
    return text("kind")
        .map(kind -> {
          for (ModelKind known : ModelKind.values()) {
            if (known.key().equals(kind)) {
              return known;
            }
          }
          throw refuse("kind: embedding or nli, not " + kind);
        });
  }

  /** The graph, as a path inside the folder. */
  Optional<String> graph() {
    return text("graph");
  }

  Optional<Integer> maxTokens() {
    return value("max-tokens")
        .map(node -> {
          if (!node.isInt() || node.asInt() < 1) {
            throw refuse("max-tokens: a whole number from 1, not " + node);
          }
          return node.asInt();
        });
  }

  /** One mode, or a list of several. */
  Optional<Pooling> pooling() {
    return value("pooling")
        .map(node -> {
          List<Pooling.Mode> modes = new ArrayList<>();
          for (JsonNode one : node.isArray() ? node : List.of(node)) {
            modes.add(
                Pooling.Mode.of(one.asString(""))
                    .orElseThrow(() ->
                        refuse(
                            "pooling: one of %s, or a list of them, not %s"
                                .formatted(Pooling.Mode.keys(), node))));
          }
          try {
            return new Pooling.Tokens(modes);
          } catch (IllegalArgumentException e) {
            throw refuse(String.valueOf(e.getMessage()));
          }
        });
  }

  Optional<Boolean> normalise() {
    return value("normalise")
        .map(node -> {
          if (!node.isBoolean()) {
            throw refuse("normalise: true or false, not " + node);
          }
          return node.asBoolean();
        });
  }

  Optional<String> queryPrefix() {
    return text("query-prefix");
  }

  Optional<String> documentPrefix() {
    return text("document-prefix");
  }

  /** Position of each class by its name. */
  Optional<Map<String, Integer>> labels() {
    return value("labels")
        .map(node -> {
          Map<String, Integer> labels = new HashMap<>();
          for (Map.Entry<String, JsonNode> label : node.properties()) {
            if (!label.getValue().isInt()) {
              throw refuse("labels: %s must be a whole number".formatted(label.getKey()));
            }
            labels.put(label.getKey(), label.getValue().asInt());
          }
          return labels;
        });
  }

  private Optional<String> text(String key) {
    return value(key)
        .map(node -> {
          if (!node.isString()) {
            throw refuse(key + ": must be a text in quotes, is " + node);
          }
          return node.asString();
        });
  }

  private Optional<JsonNode> value(String key) {
    JsonNode node = content.path(key);
    return node.isMissingNode() ? Optional.empty() : Optional.of(node);
  }

  private ModelLoadException refuse(String what) {
    return new ModelLoadException(
        ModelLoadException.Reason.SETTINGS, "Model %s: %s: %s.".formatted(id, FILE, what));
  }
}
